-- As SHOW CREATE TABLE of MariaDB 10.2 to 10.4 writes definitions; by hand.
CREATE TABLE `defaults` (
  `id` bigint(20) unsigned NOT NULL DEFAULT nextval(`d`.`s`),
  `at` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
  `d` datetime DEFAULT (current_timestamp() + interval 1 year),
  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),
  `c` varchar(100) /*!100301 COMPRESSED*/ DEFAULT concat('it''s;',')'),
  `b` mediumblob /*!100301 COMPRESSED*/ DEFAULT NULL,
  `n` int(11) DEFAULT -5 CHECK (`n` < 7),
  `inv` int(11) INVISIBLE DEFAULT 1,
  `g` int(11) GENERATED ALWAYS AS (`n` + 1) STORED,
  `w` int(11) GENERATED ALWAYS AS (`n` + 2) VIRTUAL INVISIBLE,
  `p` point REF_SYSTEM_ID=101 DEFAULT NULL,
  `free` int(11) DEFAULT NULL WITHOUT SYSTEM VERSIONING,
  PRIMARY KEY (`id`),
  UNIQUE KEY `long` (`b`) USING HASH,
  CONSTRAINT `k` CHECK (`n` > 0 and `c` <> ');')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 PAGE_CHECKSUM=1 WITH SYSTEM VERSIONING;
CREATE TABLE `versions` (
  `id` int(11) NOT NULL,
  `rs` bigint(20) unsigned GENERATED ALWAYS AS ROW START INVISIBLE,
  `re` bigint(20) unsigned GENERATED ALWAYS AS ROW END INVISIBLE,
  PRIMARY KEY (`id`,`re`),
  PERIOD FOR SYSTEM_TIME (`rs`, `re`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 WITH SYSTEM VERSIONING
 PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH STARTS TIMESTAMP'2000-01-01 00:00:00'
(PARTITION `p0` HISTORY ENGINE = InnoDB,
 PARTITION `pn` CURRENT ENGINE = InnoDB);
