-- As SHOW CREATE TABLE of MySQL 8.0 writes definitions; by hand.
CREATE TABLE `people` (
  `my_row_id` bigint unsigned NOT NULL AUTO_INCREMENT /*!80023 INVISIBLE */,
  `id` binary(16) NOT NULL DEFAULT (uuid_to_bin(uuid())),
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci NOT NULL DEFAULT (concat(_utf8mb4'a)',_utf8mb4'\'')),
  `old` varchar(64) CHARACTER SET utf8mb3 DEFAULT NULL,
  `flags` tinyint(1) DEFAULT NULL,
  `n` int(5) unsigned zerofill DEFAULT NULL,
  `year` year DEFAULT NULL,
  `doc` json DEFAULT (json_object(_utf8mb4'k',_utf8mb4',')),
  `place` point NOT NULL /*!80003 SRID 4326 */,
  `hid` int DEFAULT '5' /*!80023 INVISIBLE */ COMMENT 'x',
  `s` varchar(200) GENERATED ALWAYS AS (upper(`name`)) STORED /*!80023 INVISIBLE */,
  `e` varchar(20) DEFAULT NULL /*!80021 ENGINE_ATTRIBUTE '{"a": ")"}' */,
  `far` int NOT SECONDARY DEFAULT NULL,
  PRIMARY KEY (`my_row_id`),
  UNIQUE KEY `id` (`id`),
  UNIQUE KEY `lower` ((lower(`name`)),`n` DESC),
  KEY `multi` ((cast(json_extract(`doc`,_utf8mb4'$[*]') as unsigned array))),
  KEY `hidden` (`n`) /*!80000 INVISIBLE */,
  KEY `attr` (`n`) /*!80021 ENGINE_ATTRIBUTE '{}' */,
  SPATIAL KEY `place` (`place`),
  CONSTRAINT `fk` FOREIGN KEY (`n`) REFERENCES `other`.`t` (`n`) ON DELETE RESTRICT,
  CONSTRAINT `c1` CHECK ((`n` > 0)),
  CONSTRAINT `c2` CHECK (json_valid(`doc`)) /*!80016 NOT ENFORCED */,
  CONSTRAINT `c3` CHECK ((`name` <> _utf8mb4'it\'s; )'))
) /*!50100 TABLESPACE `innodb_system` */ ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci /*!80023 AUTOEXTEND_SIZE=4194304 */ COMMENT='x' /*!80016 ENCRYPTION='Y' */ /*!80021 ENGINE_ATTRIBUTE='{"k": "v"}' */ SECONDARY_ENGINE=rapid;
CREATE TABLE `months` (
  `id` int NOT NULL,
  `at` date NOT NULL,
  PRIMARY KEY (`id`,`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci
/*!50500 PARTITION BY RANGE  COLUMNS(`at`)
(PARTITION p0 VALUES LESS THAN ('2020-01-01') ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB) */;
