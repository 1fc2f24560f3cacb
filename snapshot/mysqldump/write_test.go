package mysqldump_test

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

func TestStripHost(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"header", "-- MySQL dump\n--\n-- Host: db01.example.com    Database: shop\n-- ---\n", "-- MySQL dump\n--\n-- Host: removed    Database: removed\n-- ---\n"},
		{"two, carriage returns", "-- Host: a\r\n-- Host: b\r\n", "-- Host: removed    Database: removed\r\n-- Host: removed    Database: removed\r\n"},
		{"none", "--\n-- Table structure for table `t`\n--\n", "--\n-- Table structure for table `t`\n--\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(mysqldump.StripHost([]byte(c.text))); got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
