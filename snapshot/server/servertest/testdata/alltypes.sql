-- A database with every column type and every kind of object that MariaDB has,
-- at its extremes. It is loaded by the client (for DELIMITER) into an empty
-- database. Nothing in it is anybody's data.
--
-- Left out is what no dump can carry: of a FLOAT it writes 6 significant digits,
-- characters beyond U+FFFF among the members of an ENUM become question marks,
-- and the error value of an ENUM that has '' as a member is taken for it.

SET NAMES utf8mb4;
SET time_zone = '+05:30';
SET foreign_key_checks = 0;
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';

-- Numbers.

CREATE TABLE integers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  t TINYINT, tu TINYINT UNSIGNED, tz TINYINT(3) UNSIGNED ZEROFILL, b TINYINT(1),
  s SMALLINT, su SMALLINT UNSIGNED, sz SMALLINT(5) UNSIGNED ZEROFILL,
  m MEDIUMINT, mu MEDIUMINT UNSIGNED, mz MEDIUMINT(8) UNSIGNED ZEROFILL,
  i INT, iu INT UNSIGNED, iz INT(10) UNSIGNED ZEROFILL,
  l BIGINT, lu BIGINT UNSIGNED, lz BIGINT(20) UNSIGNED ZEROFILL
) ENGINE=InnoDB AUTO_INCREMENT=4000000000;
INSERT INTO integers VALUES
  (0, -128,0,0,0, -32768,0,0, -8388608,0,0, -2147483648,0,0, -9223372036854775808,0,0),
  (1, 127,255,255,1, 32767,65535,65535, 8388607,16777215,16777215, 2147483647,4294967295,4294967295, 9223372036854775807,18446744073709551615,18446744073709551615),
  (2, 0,1,1,-1, 0,1,1, 0,1,1, 0,1,1, 0,1,1),
  (3, NULL,NULL,NULL,NULL, NULL,NULL,NULL, NULL,NULL,NULL, NULL,NULL,NULL, NULL,NULL,NULL);

CREATE TABLE small_counter (id TINYINT UNSIGNED NOT NULL AUTO_INCREMENT, KEY (id)) AUTO_INCREMENT=200;
CREATE TABLE counter_in_aria (id INT NOT NULL AUTO_INCREMENT, v INT, PRIMARY KEY (id)) ENGINE=Aria AUTO_INCREMENT=77;
INSERT INTO counter_in_aria VALUES (5,1),(6,2);
CREATE TABLE counter_in_myisam (g INT NOT NULL, id INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (g,id)) ENGINE=MyISAM;
INSERT INTO counter_in_myisam VALUES (1,1),(1,2),(2,1);

CREATE TABLE decimals (
  id INT PRIMARY KEY, d DECIMAL(65,30), w DECIMAL(65,0), u DECIMAL(10,2) UNSIGNED, z DECIMAL(12,3) UNSIGNED ZEROFILL, f DECIMAL(30,30)
);
INSERT INTO decimals VALUES
  (1, 99999999999999999999999999999999999.999999999999999999999999999999, 99999999999999999999999999999999999999999999999999999999999999999, 99999999.99, 999999999.999, 0.999999999999999999999999999999),
  (2, -99999999999999999999999999999999999.999999999999999999999999999999, -99999999999999999999999999999999999999999999999999999999999999999, 0, 0, -0.999999999999999999999999999999),
  (3, 0.000000000000000000000000000001, 0, 0.01, 0.001, 0.000000000000000000000000000001),
  (4, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE floats (id INT PRIMARY KEY, f FLOAT, fu FLOAT UNSIGNED, fz FLOAT(10,3) UNSIGNED ZEROFILL, d DOUBLE, dd DOUBLE(20,5), du DOUBLE UNSIGNED);
INSERT INTO floats VALUES
  (1, 3.40282e38, 3.40282e38, 1234.5, 1.7976931348623157e308, 99999999999.12345, 1.7976931348623157e308),
  (2, -3.40282e38, 0, 0, -1.7976931348623157e308, -99999999999.12345, 0),
  (3, 1.17549e-38, 1.17549e-38, 0.5, 2.2250738585072014e-308, 0.00001, 2.2250738585072014e-308),
  (4, 1.4013e-45, 1.4013e-45, 0.125, 5e-324, 0, 5e-324),
  (5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.30000000000000004),
  (6, -1e-10, 0, 0, -1e-10, 0, 123456789012345678),
  (7, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE bits (id INT PRIMARY KEY, b1 BIT(1), b7 BIT(7), b8 BIT(8), b9 BIT(9), b33 BIT(33), b64 BIT(64) NOT NULL DEFAULT b'1010');
INSERT INTO bits VALUES
  (1, b'0', b'0', b'0', b'0', b'0', b'0'),
  (2, b'1', b'1111111', b'11111111', b'111111111', ~0 & 0x1FFFFFFFF, ~0),
  (3, b'1', 0x27, 0x5C, 0x10A, 0x10A0D0009, 0x000A0D09275C2200),
  (4, NULL, NULL, NULL, NULL, NULL, DEFAULT);

-- Text.

CREATE TABLE texts (
  id INT PRIMARY KEY,
  l1 VARCHAR(50) CHARACTER SET latin1, l1b CHAR(20) CHARACTER SET latin1 COLLATE latin1_bin,
  a VARCHAR(20) CHARACTER SET ascii, u3 VARCHAR(100) CHARACTER SET utf8mb3, u4 VARCHAR(100) CHARACTER SET utf8mb4,
  u4b VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, nopad VARCHAR(50) COLLATE utf8mb4_nopad_bin,
  c CHAR(10), u2 VARCHAR(20) CHARACTER SET ucs2, u16 VARCHAR(20) CHARACTER SET utf16, sj VARCHAR(20) CHARACTER SET sjis,
  cp VARCHAR(20) CHARACTER SET cp1251,
  tt TINYTEXT, t TEXT, mt MEDIUMTEXT, lt LONGTEXT, tl TEXT CHARACTER SET latin1
) CHARACTER SET utf8mb4;
INSERT INTO texts VALUES
  (1, 'caf\u00e9','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a','a'),
  (2, 'Grüße: ÄÖÜ ß ÿ €', 'ÀÉÎÕÜ', 'ascii ~', 'Ж 表 – “quoted”', '😀 👩‍👩‍👧 𝒳 é é', 'Straße STRASSE', 'trailing  ', 'é', 'Ж表', '😀x', '表示ソ', 'Привет', 'tiny', 'text', 'medium', 'long', 'Öl'),
  (3, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 'tab\there', 'nl\nhere', 'cr\rhere', 'nul\0here', 'back\\slash \\N \\', 'quote '' " `', '\\n \\t \\0 literally', '\\N', '\\', '\Z', '\n', '\t', '\b', '\\%', '\\_', ';\n-- not a comment\n/* nor this */', '\\\''),
  (6, '\\N', '\\\\N', 'NULL', 'null', 'DEFAULT', '\n', '\t', '\0', '\0\0', ' ', ' ', ' ', '\r\n', '\r\n\r\n', ' lead', 'trail ', '0'),
  (7, REPEAT('ÿ',50), REPEAT('ÿ',20), REPEAT('~',20), REPEAT('表',100), REPEAT('😀',100), REPEAT('😀',100), REPEAT(' ',50), REPEAT('😀',10), REPEAT('表',20), REPEAT('😀',20), REPEAT('表',20), REPEAT('я',20),
   REPEAT('x',255), REPEAT('é',32767), REPEAT('😀',70000), REPEAT('\\\'\n\t\0',60000), REPEAT('ÿ',65535));
UPDATE texts SET l1 = CONVERT(x'80818D8F909D9EA0ADFF' USING latin1) WHERE id = 1; -- the five holes of cp1252 too
UPDATE texts SET t = CONVERT(x'EFBBBFEFBFBDEFBFBFE280A8C285' USING utf8mb4) WHERE id = 1; -- byte order mark, U+FFFD, U+FFFF, line separators

CREATE TABLE defaults_of_text (a VARCHAR(60) NOT NULL DEFAULT 'it''s; a \\ and \n `tick` "two" 😀', b CHAR(3) DEFAULT '', c TEXT DEFAULT 'x', d VARCHAR(5) DEFAULT NULL) COMMENT='it''s a "comment"; \\ 表 -- really';
INSERT INTO defaults_of_text VALUES (DEFAULT, DEFAULT, DEFAULT, DEFAULT);

CREATE TABLE documents (id INT PRIMARY KEY, j JSON, jn JSON NOT NULL DEFAULT '{}', CHECK (j IS NULL OR JSON_LENGTH(j) < 100));
INSERT INTO documents VALUES
  (1, '{"a": [1, 2.50, -0, 1e400, "\\u00e9", "\\\\", "\\"", null, true], "": {"b": []}}', '[]'),
  (2, 'null', '"text \\n\\t😀"'), (3, NULL, '{  "spaces" :  "kept" , "spaces": "twice"}'), (4, '""', '0');

CREATE TABLE choices (
  id INT PRIMARY KEY,
  e ENUM('a','it''s','x;y','semi;','back\\slash','qu"ote','`tick`','(paren)','é','表',' lead','1','2') NOT NULL,
  eempty ENUM('','b') , enull ENUM('x') CHARACTER SET latin1,
  s SET('a','it''s','semi;','back\\slash','qu"ote','é','0') NOT NULL,
  s64 SET('00','01','02','03','04','05','06','07','08','09','10','11','12','13','14','15','16','17','18','19','20','21','22','23','24','25','26','27','28','29','30','31','32','33','34','35','36','37','38','39','40','41','42','43','44','45','46','47','48','49','50','51','52','53','54','55','56','57','58','59','60','61','62','63')
);
INSERT INTO choices VALUES
  (1,'a','','x','a',1), (2,'it''s','b',NULL,'a,it''s,semi;',~0), (3,'x;y',NULL,'x','',0), (4,'semi;',1,1,'back\\slash,qu"ote',9223372036854775808),
  (5,'back\\slash','','x','é',NULL), (6,'qu"ote','','x',127,1), (7,'`tick`','','x','0',1), (8,'(paren)','','x','a',1), (9,'é','','x','a',1), (10,'表','','x','a',1), (11,' lead','','x','a',1),
  (12,'1','','x','a',1), (13,'2','','x','a',1), (14,1,2,'x','a',1);
INSERT IGNORE INTO choices VALUES (100,'no such member','b','no such','no such',1); -- index 0: the error value

-- Bytes.

CREATE TABLE bytes (id INT PRIMARY KEY, b BINARY(16), b1 BINARY, vb VARBINARY(600), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB, cb VARCHAR(20) CHARACTER SET binary);
INSERT INTO bytes VALUES
  (1, 0x00, 0x00, '', '', '', '', '', ''), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, 'short', 'x', 'trailing nul\0\0', 'a\tb\nc\\d''e"f\0g\Zh', '\\N', x'FFFE00C3', 0x5C4E, 0xFF00),
  (4, REPEAT(0xFF,16), 0xFF, REPEAT(0xFF,600), REPEAT(0x5C,255), REPEAT(0x0A,65535), REPEAT(0x00,70000), REPEAT(x'0009275C0A',70000), REPEAT(0x80,20));
INSERT INTO bytes (id, vb, bl)
  SELECT 5, CAST(GROUP_CONCAT(CHAR(seq USING binary) ORDER BY seq SEPARATOR '') AS BINARY), CAST(GROUP_CONCAT(CHAR(seq USING binary) ORDER BY seq DESC SEPARATOR '') AS BINARY) FROM seq_0_to_255;

CREATE TABLE addresses (id INT PRIMARY KEY, u UUID, i6 INET6, i4 INET4, UNIQUE (u));
INSERT INTO addresses VALUES
  (1,'00000000-0000-0000-0000-000000000000','::','0.0.0.0'), (2,'ffffffff-ffff-ffff-ffff-ffffffffffff','ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff','255.255.255.255'),
  (3,'123e4567-e89b-12d3-a456-426614174000','2001:db8::ff00:42:8329','192.0.2.33'), (4,NULL,'::ffff:192.0.2.1',NULL), (5,'6ba7b810-9dad-11d1-80b4-00c04fd430c8','fe80::1','10.0.0.1');

-- Time. The session is 5.5 hours ahead of UTC.

CREATE TABLE times (
  id INT PRIMARY KEY, d DATE, t TIME, t6 TIME(6), dt DATETIME, dt6 DATETIME(6), dt3 DATETIME(3), ts TIMESTAMP NULL, ts6 TIMESTAMP(6) NULL, y YEAR,
  upd TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), zero DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00'
);
INSERT INTO times VALUES
  (1,'1000-01-01','-838:59:59','-838:59:59.999999','1000-01-01 00:00:00','1000-01-01 00:00:00.000000','1000-01-01 00:00:00.000','1970-01-01 05:30:01','1970-01-01 05:30:01.000000',1901,'1970-01-01 05:30:01.000001','1000-01-01'),
  (2,'9999-12-31','838:59:59','838:59:59.999999','9999-12-31 23:59:59','9999-12-31 23:59:59.999999','9999-12-31 23:59:59.999','2038-01-19 08:44:07','2038-01-19 08:44:07.999999',2155,'2038-01-19 08:44:07.999999','9999-12-31 23:59:59'),
  (3,'0000-00-00','00:00:00','00:00:00.000001','0000-00-00 00:00:00','0000-00-00 00:00:00.000000','0000-00-00','0000-00-00 00:00:00','0000-00-00 00:00:00.000000',0,'2001-02-03 04:05:06.7','0000-00-00'),
  (4,'2014-02-31','-00:00:01','-00:00:00.5','2014-02-31 10:11:12','2013-02-30 23:59:59.5','2014-04-31',NULL,NULL,NULL,'2014-03-30 02:30:00','2014-06-31'),
  (5,'2014-00-00','12:34:56','12:34:56.789','2014-10-00 00:00:00','0000-10-10 01:02:03','2014-00-31','2014-10-26 02:30:00','2014-03-30 02:30:00.123456',1970,'2014-10-26 01:30:00','2014-00-00'),
  (6,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2024-02-29 12:00:00','2024-02-29');

-- Space.

CREATE TABLE shapes (
  id INT PRIMARY KEY, g GEOMETRY, p POINT NOT NULL, l LINESTRING, a POLYGON, mp MULTIPOINT, ml MULTILINESTRING, ma MULTIPOLYGON, gc GEOMETRYCOLLECTION, r POINT REF_SYSTEM_ID=4326, SPATIAL KEY (p)
);
INSERT INTO shapes VALUES
  (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-1.5 1e100)'), ST_GeomFromText('LINESTRING(0 0,1 1,2 0)'), ST_GeomFromText('POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 4,2 2))'),
   ST_GeomFromText('MULTIPOINT(1 1,2 2)'), ST_GeomFromText('MULTILINESTRING((0 0,1 1),(2 2,3 3))'), ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,9 9))'), ST_GeomFromText('POINT(13.4 52.5)',4326)),
  (2, ST_GeomFromText('LINESTRING(10 92,39 34)',4326), ST_GeomFromText('POINT(9 10)',3857), NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'), ST_GeomFromText('POINT(0 0)'), NULL, NULL, NULL, NULL, NULL, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'), NULL);

-- Columns that are not what they seem.

CREATE TABLE computed (
  first_name VARCHAR(20), v VARCHAR(41) GENERATED ALWAYS AS (CONCAT(first_name,' ',last_name)) VIRTUAL, last_name VARCHAR(20), s INT GENERATED ALWAYS AS (CHAR_LENGTH(last_name)) STORED, id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, KEY (v), KEY (s)
);
INSERT INTO computed (first_name,last_name) VALUES ('Ann','Alpha'),('Bob',NULL),(NULL,'Gamma'),('','');
CREATE TABLE only_computed (id INT NOT NULL PRIMARY KEY, double_id INT AS (id * 2) STORED, text_id VARCHAR(20) AS (CONCAT('#', id)) VIRTUAL);
INSERT INTO only_computed (id) VALUES (3),(1),(2);
CREATE TABLE invisible_columns (a INT, hidden VARCHAR(20) INVISIBLE DEFAULT 'h', b INT, hidden_id INT NOT NULL AUTO_INCREMENT INVISIBLE, PRIMARY KEY (hidden_id));
INSERT INTO invisible_columns (a,hidden,b) VALUES (1,'one',2),(3,NULL,4); INSERT INTO invisible_columns VALUES (5,6);
CREATE TABLE expressions (
  id INT PRIMARY KEY, u CHAR(36) DEFAULT (UUID()), n INT DEFAULT (1 + 2 * 3), t TEXT DEFAULT (CONCAT('a;', 'b''c')), c INT CHECK (c >= 0), d INT, CONSTRAINT `c below d; really` CHECK (c < d OR d IS NULL),
  compressed_text TEXT COMPRESSED, w INT WITHOUT SYSTEM VERSIONING
);
INSERT INTO expressions (id,c,d,compressed_text) VALUES (1,0,1,REPEAT('squeeze ',1000)),(2,5,NULL,'');
CREATE TABLE versioned (id INT PRIMARY KEY, v VARCHAR(20)) WITH SYSTEM VERSIONING;
INSERT INTO versioned VALUES (1,'now'),(2,'and'); UPDATE versioned SET v = 'then' WHERE id = 2;
CREATE TABLE period (id INT, f DATE, t DATE, PERIOD FOR valid (f,t), UNIQUE (id, valid WITHOUT OVERLAPS));
INSERT INTO period VALUES (1,'2020-01-01','2021-01-01'),(1,'2021-01-01','2022-01-01');

-- Keys.

CREATE TABLE tree (id INT PRIMARY KEY, parent INT, CONSTRAINT tree_parent FOREIGN KEY (parent) REFERENCES tree (id) ON DELETE CASCADE);
INSERT INTO tree VALUES (3,5),(1,NULL),(2,1),(5,1),(4,4);
CREATE TABLE chicken (id INT PRIMARY KEY, egg INT, CONSTRAINT chicken_egg FOREIGN KEY (egg) REFERENCES egg (id));
CREATE TABLE egg (id INT PRIMARY KEY, chicken INT, CONSTRAINT egg_chicken FOREIGN KEY (chicken) REFERENCES chicken (id) ON DELETE SET NULL ON UPDATE CASCADE);
INSERT INTO chicken VALUES (1,2),(2,1),(3,NULL); INSERT INTO egg VALUES (1,1),(2,2),(3,3);
CREATE TABLE pair (a INT, b VARCHAR(10) CHARACTER SET latin1 COLLATE latin1_swedish_ci, PRIMARY KEY (a,b), KEY `down` (b DESC, a));
CREATE TABLE of_pair (id INT PRIMARY KEY, a INT, b VARCHAR(10) CHARACTER SET latin1 COLLATE latin1_swedish_ci, CONSTRAINT of_pair_fk FOREIGN KEY (a,b) REFERENCES pair (a,b) ON UPDATE CASCADE);
INSERT INTO pair VALUES (1,'One'),(2,'zwö'); INSERT INTO of_pair VALUES (1,1,'ONE'),(2,2,'zwö'),(3,NULL,'nobody'),(4,9,NULL),(5,NULL,NULL);
CREATE TABLE indexes (id INT PRIMARY KEY, a VARCHAR(100), b TEXT, c INT, UNIQUE KEY `u` (a(10), c), FULLTEXT KEY ft (a,b), KEY `hash` (c) USING BTREE COMMENT 'it''s; indexed', KEY ignored_one (b(5)) IGNORED, UNIQUE KEY long_unique (b) USING HASH);
INSERT INTO indexes VALUES (1,'full text here','more; text',1),(2,'other','words',1);

-- Partitions.

CREATE TABLE by_range (id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id,y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2000) COMMENT = 'old', PARTITION p1 VALUES LESS THAN (2010), PARTITION pmax VALUES LESS THAN MAXVALUE);
INSERT INTO by_range VALUES (1,1999),(2,2000),(3,2010),(4,9999);
CREATE TABLE by_columns (d DATE NOT NULL, c VARCHAR(10) NOT NULL, PRIMARY KEY (d,c)) PARTITION BY RANGE COLUMNS (d,c) (PARTITION p0 VALUES LESS THAN ('2000-01-01','m'), PARTITION p1 VALUES LESS THAN (MAXVALUE,MAXVALUE));
INSERT INTO by_columns VALUES ('1999-12-31','z'),('2000-01-01','a'),('2000-01-01','m');
CREATE TABLE by_list (id INT, k INT) PARTITION BY LIST (k) (PARTITION odd VALUES IN (1,3,5), PARTITION even VALUES IN (2,4,NULL), PARTITION rest DEFAULT);
INSERT INTO by_list VALUES (1,1),(2,2),(3,NULL),(4,99);
CREATE TABLE by_hash (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v INT) AUTO_INCREMENT=1000 PARTITION BY LINEAR HASH (id) PARTITIONS 4;
INSERT INTO by_hash VALUES (1,1),(2,2),(3,3),(4,4),(5,5);
CREATE TABLE by_key (k VARCHAR(10) PRIMARY KEY) PARTITION BY KEY (k) PARTITIONS 3;
INSERT INTO by_key VALUES ('a'),('b'),('c'),('d');
CREATE TABLE by_both (id INT NOT NULL, d DATE NOT NULL) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
INSERT INTO by_both VALUES (1,'1990-01-01'),(2,'2010-01-01'),(3,'0000-00-00');

-- Names. Not here, since MariaDB 10.11.14 itself writes them without quoting: names of foreign keys with backquotes or double
-- quotes (SHOW CREATE TABLE), and of triggers (mariadb-dump --add-drop-trigger).

CREATE TABLE `select` (`from` INT PRIMARY KEY, `where` VARCHAR(10), `group by` INT);
INSERT INTO `select` VALUES (1,'x',2);
CREATE TABLE `odd``name; '"it.is` (`a``b` INT PRIMARY KEY, `c d` INT, `e.f` INT, `g'h"i` INT, `\\` INT, `j%k_` INT, `1` INT, `Ünïcode表` INT, CONSTRAINT `odd fk; '` FOREIGN KEY (`c d`) REFERENCES `select` (`from`));
INSERT INTO `odd``name; '"it.is` VALUES (1,1,2,3,4,5,6,7),(2,NULL,2,3,4,5,6,7);
CREATE TABLE `таблица-表` (`ключ` INT PRIMARY KEY, `значение` VARCHAR(20) DEFAULT 'да');
INSERT INTO `таблица-表` VALUES (1,'нет'),(2,DEFAULT);
CREATE TABLE CamelCase (Id INT PRIMARY KEY, ID2 INT);
INSERT INTO CamelCase VALUES (1,2);
CREATE TABLE empty_table (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v INT) AUTO_INCREMENT=12345;
CREATE TABLE one_empty_column (a VARCHAR(5));
INSERT INTO one_empty_column VALUES (''),(NULL),('\\N'),('');
CREATE TABLE no_key (a INT, b VARCHAR(5));
INSERT INTO no_key VALUES (1,'x'),(1,'x'),(2,NULL),(2,NULL);
CREATE TABLE log_of_inserts (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(100) NOT NULL);

CREATE TABLE counter_below_zero (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY);
INSERT INTO counter_below_zero VALUES (-5),(-1);
CREATE TABLE `a name of as many characters as one may have: that is sixty-four` (`a name of as many characters as one may have: that is sixty-four` INT);
INSERT INTO `a name of as many characters as one may have: that is sixty-four` VALUES (64);
CREATE TABLE computed_invisible (a JSON, b VARCHAR(50) AS (JSON_VALUE(a,'$.x')) VIRTUAL INVISIBLE, c INT INVISIBLE DEFAULT 5);
INSERT INTO computed_invisible (a) VALUES ('{"x":"1"}');

-- Engines.

CREATE TABLE in_memory (id INT PRIMARY KEY, v VARCHAR(10)) ENGINE=MEMORY;
INSERT INTO in_memory VALUES (1,'x');
CREATE TABLE in_csv (id INT NOT NULL, v VARCHAR(10) NOT NULL) ENGINE=CSV;
INSERT INTO in_csv VALUES (1,'x,"\n');
CREATE TABLE in_aria (g GEOMETRY NOT NULL, SPATIAL KEY (g)) ENGINE=Aria TRANSACTIONAL=1;
INSERT INTO in_aria VALUES (POINT(1,1));
CREATE TABLE in_myisam (id INT PRIMARY KEY) ENGINE=MyISAM;
INSERT INTO in_myisam VALUES (7);
CREATE TABLE compressed_rows (id INT PRIMARY KEY, t TEXT) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4;
INSERT INTO compressed_rows VALUES (1, REPEAT('x',20000));

-- Sequences, with state.

CREATE SEQUENCE plain_sequence;
CREATE SEQUENCE stepping START WITH 5 INCREMENT BY 3 MINVALUE -10 MAXVALUE 1000 CACHE 10 CYCLE;
SELECT NEXTVAL(stepping), NEXTVAL(stepping) INTO @a, @b;
CREATE SEQUENCE falling START WITH -1 INCREMENT BY -1 NOCACHE;
SELECT NEXTVAL(falling) INTO @a;
CREATE SEQUENCE `odd``sequence`;
DO SETVAL(`odd``sequence`, 42, TRUE);

-- Objects, each in a session of its own.

CREATE VIEW z_base AS SELECT id, v, s FROM computed WHERE first_name <> 'it''s; \\ 😀';
CREATE VIEW a_on_view AS SELECT z.id, COUNT(*) AS n FROM z_base z JOIN `select` s ON s.`from` = z.id GROUP BY z.id;
CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW checked AS SELECT id, c, d FROM expressions WHERE c >= 0 WITH CASCADED CHECK OPTION;
CREATE FUNCTION add_one(n INT) RETURNS INT DETERMINISTIC NO SQL COMMENT 'it''s; one more' RETURN n + 1;
CREATE VIEW b_on_function AS SELECT add_one(id) AS next FROM computed;
CREATE VIEW `odd``view; x` AS SELECT `a``b` AS `x``y`, `Ünïcode表` FROM `odd``name; '"it.is`;

SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT';
CREATE VIEW ansi_view AS SELECT "from" || 'x' AS "group by" FROM "select";
SET NAMES latin1;
-- The two bytes of é are two characters here.
CREATE VIEW "latin1_view" AS SELECT 'é' AS "é", "from" FROM "select" WHERE "from" > -1;
DELIMITER $$
CREATE TRIGGER before_log BEFORE INSERT ON "log_of_inserts" FOR EACH ROW BEGIN SET NEW."what" = NEW."what" || '; é first'; END$$
SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'$$
CREATE TRIGGER after_first AFTER INSERT ON computed FOR EACH ROW INSERT INTO log_of_inserts (what) VALUES ('back\')$$
CREATE TRIGGER after_second AFTER INSERT ON computed FOR EACH ROW FOLLOWS after_first BEGIN IF NEW.id > 0 THEN INSERT INTO log_of_inserts (what) VALUES ('second'); END IF; END$$
CREATE TRIGGER after_before AFTER INSERT ON computed FOR EACH ROW PRECEDES after_first SET @x = 'it''s'$$
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci$$
SET sql_mode = 'TRADITIONAL'$$
CREATE TRIGGER `odd trigger é` BEFORE UPDATE ON tree FOR EACH ROW /* a comment; stays */ BEGIN -- so does this
  IF NEW.parent = 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Ж; 😀'; END IF;
END$$
SET sql_mode = ''$$
CREATE FUNCTION `odd``function`(`a b` VARCHAR(10) CHARACTER SET latin1) RETURNS VARCHAR(20) CHARSET utf8mb4 READS SQL DATA SQL SECURITY INVOKER BEGIN DECLARE x VARCHAR(20) DEFAULT '表;'; RETURN CONCAT(x, `a b`); END$$
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'$$
CREATE PROCEDURE many(IN a INT, OUT b INT, INOUT c VARCHAR(10))
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION ROLLBACK;
  -- delimiter ;
  /* ;; $ */
  CREATE TEMPORARY TABLE "tmp" (x INT);
  SELECT 'C:\' INTO c;
  SET b = a + add_one(a);
END$$
SET sql_mode = 'ORACLE'$$
CREATE PROCEDURE oracle_style(a INT) AS BEGIN SELECT a; END$$
CREATE PACKAGE parcel AS FUNCTION weight() RETURN INT; PROCEDURE send(); END$$
CREATE PACKAGE BODY parcel AS grams INT := 1; FUNCTION weight() RETURN INT AS BEGIN RETURN grams; END; PROCEDURE send() AS BEGIN SELECT weight() || ' g; é'; END; END$$
SET sql_mode = ''$$
CREATE AGGREGATE FUNCTION add_all(n INT) RETURNS INT BEGIN DECLARE total INT DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN total; LOOP FETCH GROUP NEXT ROW; SET total = total + n; END LOOP; END$$
SET time_zone = '-03:00'$$
CREATE EVENT once_later ON SCHEDULE AT '2037-01-01 00:00:00' ON COMPLETION PRESERVE DO INSERT INTO log_of_inserts (what) VALUES ('once; 😀')$$
SET sql_mode = 'ANSI_QUOTES', time_zone = '+05:30'$$
CREATE EVENT "every`day" ON SCHEDULE EVERY 1 DAY STARTS '2036-02-03 04:05:06' ENDS '2037-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'it''s daily' DO BEGIN DELETE FROM "log_of_inserts"; END$$
CREATE EVENT not_here ON SCHEDULE EVERY 1 HOUR STARTS '2036-01-01 00:00:00' DISABLE ON SLAVE DO SELECT 1$$
DELIMITER ;
