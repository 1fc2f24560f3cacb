-- As SHOW CREATE TABLE of MySQL 5.5 writes definitions; by hand.
CREATE TABLE `people` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `parent` int(10) unsigned zerofill DEFAULT NULL,
  `created` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `never` timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  `flag` bit(1) DEFAULT b'0',
  `born` year(4) DEFAULT NULL,
  `ratio` float(7,4) unsigned DEFAULT NULL,
  `sum` double(16,4) DEFAULT '-1.5000',
  `money` decimal(10,0) NOT NULL DEFAULT '0',
  `name` varchar(255) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s; \\ ` ) "x"' COMMENT 'who''s `who`; (see, DEFAULT ''x'')',
  `kind` enum('a','b''c',',)','') COLLATE utf8_bin NOT NULL DEFAULT 'a',
  `tags` set('x','y') CHARACTER SET latin1 DEFAULT NULL,
  `raw` binary(16) NOT NULL DEFAULT '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
  `doc` mediumtext,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`name`(10),`kind`) USING BTREE,
  KEY `parent` (`parent`),
  KEY `c` (`created`) COMMENT 'for the, (report)',
  CONSTRAINT `people_ibfk_1` FOREIGN KEY (`parent`) REFERENCES `people` (`id`) ON DELETE SET NULL ON UPDATE NO ACTION
) ENGINE=InnoDB AUTO_INCREMENT=12 DEFAULT CHARSET=utf8 COLLATE=utf8_general_ci ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 COMMENT='all; of ''them''';
CREATE TABLE `old` (
  `a` int(11) DEFAULT NULL,
  `t` text,
  `g` geometry NOT NULL,
  KEY `h` (`a`) USING HASH KEY_BLOCK_SIZE=1024,
  SPATIAL KEY `g` (`g`),
  FULLTEXT KEY `t` (`t`)
) ENGINE=MyISAM DEFAULT CHARSET=latin1 MIN_ROWS=10 MAX_ROWS=1000000000 AVG_ROW_LENGTH=50 PACK_KEYS=1 CHECKSUM=1 DELAY_KEY_WRITE=1 ROW_FORMAT=FIXED DATA DIRECTORY='/data; x/' INDEX DIRECTORY='/index/';
CREATE TABLE `both` (
  `a` int(11) DEFAULT NULL
) ENGINE=MRG_MyISAM DEFAULT CHARSET=latin1 INSERT_METHOD=LAST UNION=(`old`,`d`.`older`);
CREATE TABLE `sliced` (
  `id` int(11) NOT NULL,
  `at` date NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY RANGE ( YEAR(`at`))
SUBPARTITION BY HASH ( TO_DAYS(`at`))
(PARTITION p0 VALUES LESS THAN (1990)
 (SUBPARTITION s0 COMMENT = 'a;)' DATA DIRECTORY = '/d' ENGINE = InnoDB,
  SUBPARTITION s1 ENGINE = InnoDB),
 PARTITION p1 VALUES LESS THAN MAXVALUE
 (SUBPARTITION s2 ENGINE = InnoDB,
  SUBPARTITION s3 ENGINE = InnoDB)) */;
CREATE TABLE `listed` (
  `id` int(11) DEFAULT NULL,
  `c` varchar(9) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50500 PARTITION BY LIST  COLUMNS(c)
(PARTITION p0 VALUES IN ('a','b;'')') ENGINE = InnoDB,
 PARTITION p1 VALUES IN (NULL) ENGINE = InnoDB) */;
