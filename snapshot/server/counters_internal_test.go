package server

import (
	"maps"
	"testing"
)

// Which variables there are decides what is known; these are of servers that are not here.
func TestCountersOfOtherServers(t *testing.T) {
	innodb := map[string]int64{"Innodb_rows_inserted": 1, "Innodb_rows_updated": 2, "Innodb_rows_deleted": 4, "Innodb_rows_read": 8}
	handler := map[string]int64{"Handler_write": 16, "Handler_update": 32, "Handler_delete": 64}
	tmp := map[string]int64{"Handler_tmp_write": 128, "Rows_read": 256, "Rows_tmp_read": 512}
	for _, tc := range []struct {
		name          string
		has           []map[string]int64
		changed, read Count
	}{
		{"MySQL", []map[string]int64{innodb, handler}, Count{7, true}, Count{8, true}},
		{"MariaDB to 10.5", []map[string]int64{innodb, handler, tmp}, Count{7, true}, Count{8, true}},
		{"MariaDB from 10.6", []map[string]int64{handler, tmp}, Count{112, true}, Count{256, true}},
		{"internal tables not apart", []map[string]int64{handler, {"Rows_read": 9}}, Count{}, Count{}},
		{"one missing", []map[string]int64{{"Innodb_rows_inserted": 1, "Handler_write": 1}, tmp}, Count{}, Count{256, true}},
		{"nothing", nil, Count{}, Count{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			values := map[string]int64{}
			for _, m := range tc.has {
				maps.Copy(values, m)
			}
			if got := countersOf(values); got.RowsChanged != tc.changed || got.RowsRead != tc.read {
				t.Errorf("got %+v, want %v and %v", got, tc.changed, tc.read)
			}
		})
	}
}
