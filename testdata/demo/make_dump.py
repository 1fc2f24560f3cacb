#!/usr/bin/env python3
"""Write the demo's dump: an OpenStack-like schema with synthetic persons and odd values.

  make_dump.py > cloud.sql

The same bytes every time. All persons, keys and secrets are made up; phone numbers, addresses and domains are among
those reserved for documentation. What is odd is odd on purpose: it is what migrations break on.
"""
import base64
import hashlib
import json
import random
import sys
import uuid

rng = random.Random(20140116)

FIRST = ['Alice', 'Bob', 'Chloé', 'Dinh', 'Erin', 'Fatima', 'Grzegorz', 'Heidi', 'İbrahim', 'Jürgen', 'Kenji', 'Léa',
         'Mallory', 'Niaj', 'Olivia', 'Peggy', 'Quentin', 'Rupert', 'Søren', 'Trent', 'Uma', 'Victor', 'Wendy', 'Zoë']
LAST = ['Okafor', 'Müller', 'Smith', 'O\'Brien', 'García', 'Tanaka', 'van Dyk', 'Nguyễn', 'Jones', 'Kowalski', 'Rossi',
        'Dubois', 'Silva', 'Haddad', 'Larsen', 'Ivanov', 'Łukasz', 'Brontë']
DOMAINS = ['example.com', 'example.org', 'example.net', 'corp.example']
WORDS = ('disk volume network quota invoice overdue customer reported falcon migration attach failed after reboot call '
         'before rack host please contact number street secret credit').split()
ACTIONS = ['create', 'delete', 'reboot', 'resize', 'rebuild', 'attach_volume', 'detach_volume']


def token(n=32):
    return ''.join(rng.choice('0123456789abcdef') for _ in range(n))


def new_uuid():
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def words(low, high):
    return ' '.join(rng.choice(WORDS) for _ in range(rng.randint(low, high)))


def when(year_low=2012, year_high=2015):
    return '%04d-%02d-%02d %02d:%02d:%02d' % (rng.randint(year_low, year_high), rng.randint(1, 12), rng.randint(1, 28),
                                              rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59))


def ascii_name(text):
    plain = text.replace('Ł', 'L').replace('ø', 'o').replace('ễ', 'e').replace('İ', 'I')
    import unicodedata
    plain = unicodedata.normalize('NFKD', plain).encode('ascii', 'ignore').decode()
    return ''.join(c for c in plain.lower() if c.isalnum())


def quote(value):
    if value is None:
        return 'NULL'
    if isinstance(value, (int, float)):
        return str(value)
    escaped = value.replace('\\', '\\\\').replace("'", "\\'").replace('"', '\\"').replace('\n', '\\n').replace('\r', '\\r')
    return "'" + escaped + "'"


def projects():
    rows = []
    for i in range(60):
        name = '%s-%s' % (rng.choice(LAST).lower(), rng.choice(['prod', 'dev', 'test', 'web', 'db']))
        extra = json.dumps({'owner': {'email': 'billing%d@%s' % (i, rng.choice(DOMAINS))}, 'size': rng.randint(1, 9)})
        rows.append((token(), '%s-%d' % (name, i), 'default', words(3, 12) if i % 7 else None, int(i % 11 != 0), extra))
    rows[7] = rows[7][:3] + ('', 1, '{}')
    rows[9] = rows[9][:3] + ('naïve café ★ 日本語 😀', 1, 'null')
    return rows


def users(project_rows):
    rows = []
    for i in range(300):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        login = '%s.%s%d' % (ascii_name(first), ascii_name(last), i)
        phone = rng.choice(['+1 202 555 01%02d', '+44 1632 9600%02d', '0491 570 1%02d']) % (i % 100)
        secret = '$2b$12$' + base64.b64encode(hashlib.sha256(login.encode()).digest()).decode()[:43].replace('+', '.')
        rows.append([token(), login, '%s@%s' % (login, rng.choice(DOMAINS)), '%s %s' % (first, last),
                     phone if i % 5 else None, secret, rng.choice(project_rows)[0] if i % 9 else None, int(i % 13 != 0),
                     when(), '20%02d-%02d-%02d' % (rng.randint(12, 15), rng.randint(1, 12), rng.randint(1, 28)) if i % 4 else None,
                     json.dumps({'timezone': rng.choice(['UTC', 'Australia/Adelaide']), 'manager': rng.choice(FIRST)},
                                ensure_ascii=False)])
    # The outliers: a name longer than any other, one in no ASCII, an empty one, a zero date, text that is no JSON.
    rows[41][3] = 'Wolfgang Amadeus Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst der Jüngere'
    rows[97][3] = '山田 太郎'
    rows[133][3] = ''
    rows[150][9] = '0000-00-00'
    rows[151][10] = 'see ticket 4711, call Grace'
    rows[152][3] = 'Zoë 😀 Brontë'
    return [tuple(r) for r in rows]


def key_pairs(user_rows):
    rows = []
    for i in range(220):
        user = user_rows[i]
        blob = base64.b64encode(hashlib.sha512(user[1].encode()).digest() * 2).decode()
        digest = hashlib.md5(blob.encode()).hexdigest()
        print_ = ':'.join(digest[n:n + 2] for n in range(0, 32, 2))
        rows.append((i + 1, user[0], rng.choice(['laptop', 'work', 'default', 'ci']) + '-%d' % i, print_,
                     'ssh-rsa AAAAB3NzaC1yc2E%s %s@%s-laptop' % (blob, user[1], user[1].split('.')[0])))
    return rows


def instances(project_rows, user_rows, first_id, count, years=(2012, 2015)):
    rows = []
    for i in range(count):
        user = rng.choice(user_rows)
        host = '%s-%s-%02d' % (rng.choice(['web', 'db', 'cache', 'ci']), user[1].split('.')[0], i % 97)
        data = base64.b64encode(('#!/bin/sh\necho "%s" > /etc/owner\n' % user[2]).encode()).decode() if i % 3 == 0 else None
        rows.append([first_id + i, new_uuid(), rng.choice(project_rows)[0], user[0], host, '%s of %s' % (host, user[3]),
                     words(2, 9) if i % 4 else None, 'cmp-%02d.dc1.example.net' % (i % 40),
                     rng.choice(['active', 'active', 'active', 'stopped', 'error', 'deleted']), new_uuid(),
                     '192.0.2.%d' % (1 + i % 254), '2001:db8::%x' % (i + 1) if i % 2 else None, data,
                     rng.choice([512, 2048, 8192]), rng.choice([1, 2, 8]), when(*years), when(*years) if i % 6 else None,
                     0 if i % 8 else first_id + i])
    return rows


def odd_instances(rows):
    rows[3][5] = 'x' * 255
    rows[5][6] = 'quote " and \' and \\ and\nnew line; -- no comment /* nor this */ `'
    rows[11][4] = 'xn--bcher-kva-11'
    rows[12][5] = '🚀🚀🚀'
    rows[13][13] = 2147483647
    rows[17][16] = '2037-12-31 23:59:59'
    return [tuple(r) for r in rows]


def metadata(instance_rows):
    rows = []
    for i in range(1400):
        key = rng.choice(['owner_email', 'os_arch', 'cost_centre', 'note', 'backup'])
        value = {'owner_email': 'team%d@%s' % (i % 50, rng.choice(DOMAINS)), 'os_arch': rng.choice(['x86_64', 'aarch64']),
                 'cost_centre': 'CC-%05d' % rng.randint(0, 99999), 'note': words(1, 6),
                 'backup': rng.choice(['true', 'false', ''])}[key]
        rows.append((i + 1, instance_rows[i % len(instance_rows)][1], '%s%s' % (key, '' if i < 600 else '_%d' % (i // 600)), value))
    return rows


def networks(project_rows):
    return [(new_uuid(), 'net-%s' % rng.choice(project_rows)[1], rng.choice(project_rows)[0], rng.choice([1450, 1500, 9000]),
             'https://%s:%s@netbox.example.org/prefixes/%d' % (rng.choice(FIRST).lower(), token(8), i) if i % 3 else None)
            for i in range(12)]


def ports(network_rows, instance_rows):
    rows = []
    for i in range(700):
        instance = instance_rows[i % len(instance_rows)]
        mac = 'fa:16:3e:%02x:%02x:%02x' % (i >> 8, i & 255, rng.randint(0, 255))
        rows.append((new_uuid(), rng.choice(network_rows)[0], instance[2], mac, '198.51.100.%d' % (i % 256),
                     instance[1] if i % 10 else '', '%s.example.net.' % instance[4] if i % 3 else None))
    return rows


def volumes(instance_rows):
    rows = []
    for i in range(350):
        instance = rng.choice(instance_rows)
        rows.append((new_uuid(), 'data of %s' % instance[4] if i % 5 else None, instance[2], instance[3],
                     rng.choice([1, 10, 100, 2000]), rng.choice(['available', 'in-use', 'error']),
                     instance[1] if i % 2 else None, when()))
    return rows


def quotas(project_rows):
    rows, n = [], 0
    for project in project_rows:
        for resource, limit in (('instances', 20), ('cores', 64), ('ram', 51200), ('volumes', 10), ('floating_ips', -1)):
            n += 1
            rows.append((n, project[0], resource, limit * rng.randint(1, 4)))
    return rows


def audit_log(user_rows):
    rows = []
    for i in range(900):
        user = rng.choice(user_rows)
        rows.append((i + 1, user[0], rng.choice(ACTIONS), '203.0.113.%d' % rng.randint(1, 254),
                     '%s (%s) said: %s' % (user[3], user[2], words(3, 10)), when()))
    return rows


def sessions(user_rows):
    return [(token(40), rng.choice(user_rows)[0], token(120), when(2015, 2015)) for _ in range(120)]


INSTANCE_COLUMNS = """  `id` int(11) NOT NULL AUTO_INCREMENT,
  `uuid` char(36) NOT NULL,
  `project_id` varchar(64) NOT NULL,
  `user_id` varchar(64) NOT NULL,
  `hostname` varchar(255) DEFAULT NULL,
  `display_name` varchar(255) DEFAULT NULL,
  `display_description` varchar(255) DEFAULT NULL,
  `host` varchar(255) DEFAULT NULL,
  `vm_state` enum('active','stopped','error','deleted') NOT NULL DEFAULT 'active',
  `image_ref` varchar(255) DEFAULT NULL,
  `access_ip_v4` varchar(39) DEFAULT NULL,
  `access_ip_v6` varchar(39) DEFAULT NULL,
  `user_data` mediumtext,
  `memory_mb` int(11) NOT NULL,
  `vcpus` int(11) NOT NULL,
  `created_at` datetime NOT NULL,
  `launched_at` datetime DEFAULT NULL,
  `deleted` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
"""

SCHEMA = {
    'projects': """  `id` varchar(64) NOT NULL,
  `name` varchar(64) NOT NULL,
  `domain_id` varchar(64) NOT NULL,
  `description` text,
  `enabled` tinyint(1) DEFAULT NULL,
  `extra` text,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ixu_project_name_domain_id` (`domain_id`,`name`)
""",
    'users': """  `id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `email` varchar(255) DEFAULT NULL,
  `full_name` varchar(120) NOT NULL,
  `phone` varchar(32) DEFAULT NULL,
  `password_hash` varchar(128) NOT NULL,
  `default_project_id` varchar(64) DEFAULT NULL,
  `enabled` tinyint(1) NOT NULL DEFAULT '1',
  `created_at` datetime NOT NULL,
  `last_active_at` date DEFAULT NULL,
  `extra` text,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ixu_user_name` (`name`),
  KEY `default_project_id` (`default_project_id`),
  CONSTRAINT `users_ibfk_1` FOREIGN KEY (`default_project_id`) REFERENCES `projects` (`id`) ON DELETE SET NULL
""",
    'key_pairs': """  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `fingerprint` varchar(255) DEFAULT NULL,
  `public_key` mediumtext,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uniq_key_pairs0user_id0name` (`user_id`,`name`),
  CONSTRAINT `key_pairs_ibfk_1` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)
""",
    'instances': INSTANCE_COLUMNS + """  UNIQUE KEY `uniq_instances0uuid` (`uuid`),
  KEY `project_id` (`project_id`),
  KEY `user_id` (`user_id`),
  CONSTRAINT `instances_ibfk_1` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`),
  CONSTRAINT `instances_ibfk_2` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`)
""",
    'shadow_instances': INSTANCE_COLUMNS.rstrip(',\n') + '\n',
    'instance_metadata': """  `id` int(11) NOT NULL AUTO_INCREMENT,
  `instance_uuid` char(36) NOT NULL,
  `key` varchar(255) DEFAULT NULL,
  `value` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `instance_uuid` (`instance_uuid`),
  CONSTRAINT `instance_metadata_ibfk_1` FOREIGN KEY (`instance_uuid`) REFERENCES `instances` (`uuid`)
""",
    'networks': """  `id` char(36) NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  `project_id` varchar(64) NOT NULL,
  `mtu` int(11) NOT NULL DEFAULT '1500',
  `documentation` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `networks_ibfk_1` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`)
""",
    'ports': """  `id` char(36) NOT NULL,
  `network_id` char(36) NOT NULL,
  `project_id` varchar(64) NOT NULL,
  `mac_address` varchar(32) NOT NULL,
  `ip_address` varchar(39) DEFAULT NULL,
  `device_id` varchar(255) NOT NULL,
  `dns_name` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uniq_ports0network_id0mac_address` (`network_id`,`mac_address`),
  CONSTRAINT `ports_ibfk_1` FOREIGN KEY (`network_id`) REFERENCES `networks` (`id`)
""",
    'volumes': """  `id` char(36) NOT NULL,
  `display_name` varchar(255) DEFAULT NULL,
  `project_id` varchar(64) NOT NULL,
  `user_id` varchar(64) NOT NULL,
  `size` int(11) NOT NULL,
  `status` varchar(32) NOT NULL,
  `instance_uuid` char(36) DEFAULT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `instance_uuid` (`instance_uuid`),
  CONSTRAINT `volumes_ibfk_1` FOREIGN KEY (`instance_uuid`) REFERENCES `instances` (`uuid`)
""",
    'quotas': """  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` varchar(64) NOT NULL,
  `resource` varchar(64) NOT NULL,
  `hard_limit` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uniq_quotas0project_id0resource` (`project_id`,`resource`),
  CONSTRAINT `quotas_ibfk_1` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`)
""",
    'audit_log': """  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` varchar(64) NOT NULL,
  `action` varchar(32) NOT NULL,
  `address` varchar(39) DEFAULT NULL,
  `message` text,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `user_id` (`user_id`)
""",
    'sessions': """  `session_key` varchar(40) NOT NULL,
  `user_id` varchar(64) NOT NULL,
  `data` text NOT NULL,
  `expires_at` datetime NOT NULL,
  PRIMARY KEY (`session_key`)
""",
    'migrate_version': """  `repository_id` varchar(250) NOT NULL,
  `repository_path` text,
  `version` int(11) DEFAULT NULL,
  PRIMARY KEY (`repository_id`)
""",
}

HEADER = """-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
--
-- Host: db1.prod.example.net    Database: cloud
-- ------------------------------------------------------
-- Server version\t5.7.44-log

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
"""

VIEW = """
--
-- Final view structure for view `busy_projects`
--

/*!50001 DROP VIEW IF EXISTS `busy_projects`*/;
/*!50001 SET @saved_cs_client          = @@character_set_client */;
/*!50001 SET @saved_cs_results         = @@character_set_results */;
/*!50001 SET @saved_col_connection     = @@collation_connection */;
/*!50001 SET character_set_client      = utf8mb4 */;
/*!50001 SET character_set_results     = utf8mb4 */;
/*!50001 SET collation_connection      = utf8mb4_general_ci */;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`grace`@`10.11.12.%` SQL SECURITY DEFINER */
/*!50001 VIEW `busy_projects` AS select `instances`.`project_id` AS `project_id`,count(0) AS `instances` from `instances` where (`instances`.`deleted` = 0) group by `instances`.`project_id` having (count(0) > 10) */;
/*!50001 SET character_set_client      = @saved_cs_client */;
/*!50001 SET character_set_results     = @saved_cs_results */;
/*!50001 SET collation_connection      = @saved_col_connection */;
"""

FOOTER = """/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2015-06-01  3:14:15
"""


def table(out, name, rows):
    auto = ''
    if 'AUTO_INCREMENT' in SCHEMA[name]:
        auto = ' AUTO_INCREMENT=%d' % (max(r[0] for r in rows) + 1)
    out.write("\n--\n-- Table structure for table `%s`\n--\n\nDROP TABLE IF EXISTS `%s`;\n" % (name, name))
    out.write("/*!40101 SET @saved_cs_client     = @@character_set_client */;\n/*!40101 SET character_set_client = utf8 */;\n")
    out.write("CREATE TABLE `%s` (\n%s) ENGINE=InnoDB%s DEFAULT CHARSET=utf8mb4;\n" % (name, SCHEMA[name], auto))
    out.write("/*!40101 SET character_set_client = @saved_cs_client */;\n\n--\n-- Dumping data for table `%s`\n--\n\n" % name)
    out.write("LOCK TABLES `%s` WRITE;\n/*!40000 ALTER TABLE `%s` DISABLE KEYS */;\n" % (name, name))
    for i in range(0, len(rows), 200):
        values = ['(' + ','.join(quote(v) for v in row) + ')' for row in rows[i:i + 200]]
        out.write("INSERT INTO `%s` VALUES %s;\n" % (name, ','.join(values)))
    out.write("/*!40000 ALTER TABLE `%s` ENABLE KEYS */;\nUNLOCK TABLES;\n" % name)


def main():
    project_rows = projects()
    user_rows = users(project_rows)
    instance_rows = odd_instances(instances(project_rows, user_rows, 1, 600))
    network_rows = networks(project_rows)
    data = {
        'projects': project_rows, 'users': user_rows, 'key_pairs': key_pairs(user_rows), 'instances': instance_rows,
        'shadow_instances': [tuple(r) for r in instances(project_rows, user_rows, 9001, 40, (2011, 2012))],
        'instance_metadata': metadata(instance_rows), 'networks': network_rows, 'ports': ports(network_rows, instance_rows),
        'volumes': volumes(instance_rows), 'quotas': quotas(project_rows), 'audit_log': audit_log(user_rows),
        'sessions': sessions(user_rows), 'migrate_version': [('cloud', '/srv/cloud/migrations', 3)],
    }
    out = open(sys.stdout.fileno(), 'w', encoding='utf-8', newline='\n')
    out.write(HEADER)
    for name in sorted(data):
        table(out, name, data[name])
    out.write(VIEW)
    out.write(FOOTER)
    out.flush()


if __name__ == '__main__':
    main()
