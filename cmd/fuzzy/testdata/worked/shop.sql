CREATE TABLE `users` (
  `id` int NOT NULL AUTO_INCREMENT,
  `email` varchar(255) DEFAULT NULL,
  `full_name` varchar(120) DEFAULT NULL,
  `password` varchar(128) DEFAULT NULL,
  `locale` varchar(8) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `email` (`email`)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO `users` VALUES (1,'ada@example.org','Ada Lovelace','pbkdf2 0123456789','en');
CREATE TABLE `shadow_users` (
  `id` int NOT NULL AUTO_INCREMENT,
  `email` varchar(255) DEFAULT NULL,
  `full_name` varchar(120) DEFAULT NULL,
  `password` varchar(128) DEFAULT NULL,
  `locale` varchar(8) DEFAULT NULL,
  PRIMARY KEY (`id`)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE `tickets` (
  `id` int NOT NULL AUTO_INCREMENT,
  `reporter` varchar(255) DEFAULT NULL,
  `extra` text DEFAULT NULL,
  `urgent` tinyint(1) DEFAULT NULL,
  `opened_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `reporter` FOREIGN KEY (`reporter`) REFERENCES `users` (`email`)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE `sessions` (
  `token` varchar(64) NOT NULL,
  PRIMARY KEY (`token`)
);
CREATE VIEW `urgent_en` AS SELECT `tickets`.`id` FROM `tickets` JOIN `users` ON `reporter` = `email` WHERE `urgent` AND `locale` = 'en';
