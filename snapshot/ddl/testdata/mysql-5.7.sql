-- As SHOW CREATE TABLE of MySQL 5.7 writes definitions; by hand.
CREATE TABLE `generated` (
  `id` int(11) NOT NULL,
  `doc` json DEFAULT NULL,
  `v` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS (json_unquote(json_extract(`doc`,'$.a)"'))) VIRTUAL,
  `s` int(11) GENERATED ALWAYS AS ((`id` + 1)) STORED NOT NULL COMMENT 'it''s',
  `u` int(11) GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`u`),
  KEY `v` (`v`),
  FULLTEXT KEY `f` (`v`) /*!50100 WITH PARSER `ngram` */ 
) /*!50100 TABLESPACE `ts``1` */ ENGINE=InnoDB DEFAULT CHARSET=latin1 COMPRESSION='zlib' ENCRYPTION='Y';
CREATE TABLE `hashed` (
  `id` int(11) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1
/*!50100 PARTITION BY LINEAR KEY ALGORITHM = 2 (id)
PARTITIONS 4 */;
