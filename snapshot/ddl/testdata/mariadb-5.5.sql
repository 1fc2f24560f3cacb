-- As SHOW CREATE TABLE of MariaDB 5.3 to 10.1 writes definitions; by hand.
CREATE TABLE `virtual` (
  `id` int(11) NOT NULL,
  `at` datetime(3) /* mariadb-5.3 */ DEFAULT NULL,
  `t` time /* mariadb-5.3 */ DEFAULT NULL,
  `v` int(11) AS (id+1) VIRTUAL,
  `p` varchar(9) AS (concat('a)',id)) PERSISTENT COMMENT 'x',
  `dyn` blob,
  PRIMARY KEY (`id`)
) ENGINE=Aria DEFAULT CHARSET=latin1 PAGE_CHECKSUM=1 TRANSACTIONAL=1;
CREATE TABLE `squeezed` (
  `id` int(11) NOT NULL,
  KEY `k` (`id`) `clustering`=YES
) ENGINE=TokuDB DEFAULT CHARSET=latin1 `compression`='tokudb_zlib';
CREATE TABLE `pages` (
  `id` int(11) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 `PAGE_COMPRESSED`='1' `PAGE_COMPRESSION_LEVEL`=9 `ENCRYPTED`=YES `ENCRYPTION_KEY_ID`=2;
