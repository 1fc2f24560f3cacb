-- As SHOW CREATE TABLE of MySQL 8.4 (and 9.0, for the vector) writes definitions; by hand.
CREATE TABLE `t` (
  `id` int unsigned NOT NULL,
  `f` float DEFAULT '1e-5',
  `v` vector(2048) DEFAULT NULL,
  `c` char(36) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT (uuid()),
  `d` date DEFAULT (curdate()),
  `ts` timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
  KEY `a` ((abs(`f`)) DESC,`id`),
  FULLTEXT KEY `ft` (`c`),
  CONSTRAINT `t_chk_1` CHECK (regexp_like(`c`,_utf8mb4'^[a-z]+$'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_as_cs;
