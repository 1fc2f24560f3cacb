package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// FuzzParse checks that any text is either all mistakes, or a configuration whose
// jobs can be served.
func FuzzParse(f *testing.F) {
	f.Add(full)
	f.Add(oneJob)
	f.Add("plugins:\n- {name: shell_script, function: a, command: c}\nzuul_server: {gearman_host: a, gearman_port: 3}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "conf_d") {
			t.Skip() // it would be read
		}
		c, err := config.Parse("config.yaml", "/etc/th", []byte(text))
		if err != nil {
			if mistakes, ok := errors.AsType[strictyaml.Mistakes](err); !ok || len(mistakes) == 0 || c != nil {
				t.Fatalf("got %v, %v", c, err)
			}
			return
		}
		for i := range c.Jobs {
			j := &c.Jobs[i]
			if j.Name == "" || j.Function == "" || j.Plugin == "" || j.Charset == "" || len(j.Command) == 0 {
				t.Errorf("half a job: %+v", j)
			}
			if found, err := c.Served(j.Function, j.Node); err != nil || found != j {
				t.Errorf("build:%s is served by another job: %v", j.Function, err)
			}
		}
	})
}
