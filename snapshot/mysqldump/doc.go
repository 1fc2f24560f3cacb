// Package mysqldump reads the SQL text that mysqldump and mariadb-dump write.
package mysqldump
