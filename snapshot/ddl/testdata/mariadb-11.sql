-- As SHOW CREATE TABLE of MariaDB 10.5 to 11.8 writes definitions; by hand.
CREATE TABLE `types` (
  `id` uuid NOT NULL DEFAULT uuid(),
  `a` inet6 DEFAULT '::1',
  `b` inet4 DEFAULT NULL,
  `v` vector(3) NOT NULL,
  `t` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci DEFAULT NULL,
  `u` text CHARACTER SET utf8mb3 COLLATE utf8mb3_uca1400_nopad_as_cs DEFAULT '',
  `from` date NOT NULL,
  `to` date NOT NULL,
  PRIMARY KEY (`id`,`validity` WITHOUT OVERLAPS),
  UNIQUE KEY `u` (`t` DESC,`validity` WITHOUT OVERLAPS),
  KEY `off` (`a`) IGNORED,
  KEY `down` (`from` DESC,`to`),
  VECTOR KEY `v` (`v`) `M`=8 `DISTANCE`=cosine,
  FULLTEXT KEY `f` (`u`),
  PERIOD FOR `validity` (`from`, `to`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci `PAGE_COMPRESSED`=ON COMMENT='x';
CREATE TABLE `auto` (
  `id` int(11) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci WITH SYSTEM VERSIONING
 PARTITION BY SYSTEM_TIME LIMIT 1000 AUTO
PARTITIONS 3;
CREATE TABLE `ranged` (
  `id` int(11) NOT NULL,
  `c` varchar(9) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci
 PARTITION BY LIST  COLUMNS(`c`)
(PARTITION `p0` VALUES IN ('a;',')') ENGINE = InnoDB,
 PARTITION `p1` DEFAULT ENGINE = InnoDB);
CREATE TABLE `seq` (
  `next_not_cached_value` bigint(21) NOT NULL,
  `minimum_value` bigint(21) NOT NULL,
  `start_value` bigint(21) NOT NULL COMMENT 'start value when sequences is created or value if RESTART is used',
  `cycle_option` tinyint(1) unsigned NOT NULL COMMENT '0 if no cycles are allowed, 1 if the sequence should begin a new cycle when maximum_value is passed'
) ENGINE=InnoDB SEQUENCE=1;
