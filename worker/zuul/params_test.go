package zuul_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// refUpdate is what changes in the arguments for a ref update.
func refUpdate(ref, newrev string) map[string]any {
	return map[string]any{
		"ZUUL_BRANCH": nil, "ZUUL_CHANGES": nil, "ZUUL_CHANGE_IDS": nil, "ZUUL_CHANGE": nil, "ZUUL_PATCHSET": nil,
		"ZUUL_PIPELINE": "post", "ZUUL_REFNAME": ref, "ZUUL_OLDREV": zeros, "ZUUL_NEWREV": newrev, "ZUUL_REF": ref, "ZUUL_COMMIT": newrev,
		"BASE_LOG_PATH": newrev[:2] + "/" + newrev, "LOG_PATH": newrev[:2] + "/" + newrev + "/post/gate-migrations/1234567",
	}
}

// zuul20 takes out what Zuul 2.0 does not send.
func zuul20(changes map[string]any) map[string]any {
	all := map[string]any{"LOG_PATH": nil, "BASE_LOG_PATH": nil, "ZUUL_VOTING": nil}
	for name, value := range changes {
		if _, ok := all[name]; !ok {
			all[name] = value
		}
	}
	return all
}

func TestParseParams(t *testing.T) {
	change := zuul.Params{
		UUID: testNumber, SentUUID: testNumber, Project: "openstack/nova", Pipeline: "check", URL: "https://zuul.example.org/p",
		BaseLogPath: "45/12345/6", LogPath: "45/12345/6/check/gate-migrations/1234567",
		Ref: "refs/zuul/stable/kilo/Zabc", Commit: testCommit, Branch: "stable/kilo",
		Changes: "openstack/nova:stable/kilo:refs/changes/45/12345/6", ChangeIDs: "12345,6", Change: "12345", Patchset: "6",
	}
	update := zuul.Params{
		UUID: testNumber, SentUUID: testNumber, Project: "openstack/nova", Pipeline: "post", URL: "https://zuul.example.org/p",
		BaseLogPath: "5f/" + testCommit, LogPath: "5f/" + testCommit + "/post/gate-migrations/1234567",
		Ref: "refs/heads/master", Commit: testCommit, RefName: "refs/heads/master", OldRev: zeros, NewRev: testCommit,
	}
	voting := func(p zuul.Params) zuul.Params { p.Voting = new(true); return p }
	for name, test := range map[string]struct {
		changes map[string]any
		want    zuul.Params
	}{
		"a change":                  {nil, voting(change)},
		"a ref update":              {refUpdate("refs/heads/master", testCommit), voting(update)},
		"a change of Zuul 2.0":      {zuul20(nil), change},
		"a ref update of Zuul 2.0":  {zuul20(refUpdate("refs/heads/master", testCommit)), update},
		"numbers for text":          {map[string]any{"ZUUL_CHANGE": 12345, "ZUUL_PATCHSET": 6, "ZUUL_VOTING": true}, voting(change)},
		"null for what is missing":  {map[string]any{"ZUUL_OLDREV": json.RawMessage("null"), "ZUUL_NEWREV": json.RawMessage("null")}, voting(change)},
		"paths that end in a slash": {map[string]any{"BASE_LOG_PATH": "45/12345/6/", "LOG_PATH": "45/12345/6/check/gate-migrations/1234567/"}, voting(change)},
		"a base path alone":         {map[string]any{"LOG_PATH": nil}, voting(change)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := zuul.ParseParams([]byte(with(t, test.changes)), testNumber, "gate-migrations")
			if err != nil {
				t.Fatal(err)
			}
			if got.All["LOG_PATH"] != test.want.LogPath || got.All["BASE_LOG_PATH"] != test.want.BaseLogPath || got.All["ZUUL_PROJECT"] != "openstack/nova" {
				t.Errorf("for scripts: %v", got.All)
			}
			got.All = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The paths that Zuul 2.5 makes, and Zuul 2.0 leaves to the worker.
func TestLogPathIsBuilt(t *testing.T) {
	for name, test := range map[string]struct {
		changes    map[string]any
		base, path string
	}{
		"a change":              {nil, "45/12345/6", "45/12345/6/check/gate-migrations/1234567"},
		"a change of one digit": {map[string]any{"ZUUL_CHANGE": "7"}, "7/7/6", "7/7/6/check/gate-migrations/1234567"},
		"a ref update":          {refUpdate("master", testCommit), "5f/" + testCommit, "5f/" + testCommit + "/post/gate-migrations/1234567"},
		"a deletion":            {refUpdate("master", zeros), "00/" + zeros, "00/" + zeros + "/post/gate-migrations/1234567"},
		"a timer":               {map[string]any{"ZUUL_CHANGE": nil, "ZUUL_PIPELINE": "periodic"}, "", "periodic/gate-migrations/1234567"},
		"no pipeline":           {map[string]any{"ZUUL_PIPELINE": nil}, "45/12345/6", "45/12345/6/gate-migrations/1234567"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := zuul.ParseParams([]byte(with(t, zuul20(test.changes))), testNumber, "gate-migrations")
			if err != nil {
				t.Fatal(err)
			}
			if p.BaseLogPath != test.base || p.LogPath != test.path {
				t.Errorf("%q and %q, want %q and %q", p.BaseLogPath, p.LogPath, test.base, test.path)
			}
		})
	}
}

// Zuul 2.5 sends an empty BASE_LOG_PATH for a job by timer.
func TestEmptyBaseLogPath(t *testing.T) {
	p, err := zuul.ParseParams([]byte(with(t, map[string]any{
		"ZUUL_CHANGE": nil, "BASE_LOG_PATH": "", "LOG_PATH": "periodic/gate-migrations/1234567",
	})), testNumber, "gate-migrations")
	if err != nil || p.BaseLogPath != "" || p.LogPath != "periodic/gate-migrations/1234567" {
		t.Errorf("%q, %q, %v", p.BaseLogPath, p.LogPath, err)
	}
}

func TestShortNumber(t *testing.T) {
	p, err := zuul.ParseParams([]byte(with(t, zuul20(nil))), "ab", "job")
	if err != nil || p.LogPath != "45/12345/6/check/job/ab" {
		t.Errorf("%q, %v", p.LogPath, err)
	}
}

func TestVoting(t *testing.T) {
	for text, want := range map[string]bool{`"1"`: true, `"0"`: false, `0`: false, `1`: true, `true`: true, `false`: false, `"False"`: false, `null`: true, `""`: true, `"maybe"`: true} {
		p, err := zuul.ParseParams([]byte(with(t, map[string]any{"ZUUL_VOTING": json.RawMessage(text)})), testNumber, "job")
		if err != nil || p.IsVoting() != want {
			t.Errorf("%s: voting %v, %v", text, p.IsVoting(), err)
		}
	}
	p, err := zuul.ParseParams([]byte(with(t, zuul20(nil))), testNumber, "job")
	if err != nil || p.Voting != nil || !p.IsVoting() {
		t.Errorf("Zuul 2.0: voting %v, %v", p.Voting, err)
	}
}

// What scripts get: every scalar as text, under names that a shell can have.
func TestArgumentsForScripts(t *testing.T) {
	p, err := zuul.ParseParams([]byte(with(t, map[string]any{
		"NUMBER": json.RawMessage("1e400"), "FLOAT": 1.5, "YES": true, "NO": false, "TEXT": "line 1\n\tline 2 é", "EMPTY": "",
		"NULL": json.RawMessage("null"), "LIST": []int{1}, "OBJECT": map[string]int{},
		"with-minus": "x", "1st": "x", "": "x", "BASH_FUNC_ls%%": "() { id; }", "x=y": "x",
		"PATH": "/x", "LD_PRELOAD": "/x.so", "TH_RESULT_FILE": "/x", "BASH_ENV": "/x", "PYTHONPATH": "/x", "GIT_SSH_COMMAND": "id", "IFS": "/",
		"MYSQL_PWD": "x", "PIP_INDEX_URL": "https://x", "BRANCH": "master", "_x": "y",
	})), testNumber, "gate-migrations")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"NUMBER": "1e400", "FLOAT": "1.5", "YES": "true", "NO": "false", "TEXT": "line 1\n\tline 2 é", "EMPTY": "", "BRANCH": "master", "_x": "y",
		"ZUUL_CHANGE": "12345", "ZUUL_VOTING": "1",
	} {
		if got, ok := p.All[name]; !ok || got != want {
			t.Errorf("%s is %q (%v), want %q", name, got, ok, want)
		}
	}
	want := []string{
		"", "1st", "BASH_ENV", "BASH_FUNC_ls%%", "GIT_SSH_COMMAND", "IFS", "LD_PRELOAD", "LIST", "MYSQL_PWD", "OBJECT", "PATH", "PIP_INDEX_URL",
		"PYTHONPATH", "TH_RESULT_FILE", "with-minus", "x=y",
	}
	if diff := cmp.Diff(want, p.Dropped); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	for _, name := range append(want, "NULL") {
		if _, ok := p.All[name]; ok {
			t.Errorf("%q is given to scripts", name)
		}
	}
}

func TestSwift(t *testing.T) {
	body := "/v1/AUTH_x/logs/45/\n\n104857600\n50\n1400000000"
	p, err := zuul.ParseParams([]byte(with(t, map[string]any{
		"SWIFT_logs_URL": "https://swift.example.org/v1/AUTH_x/logs/45/", "SWIFT_logs_HMAC_BODY": body, "SWIFT_logs_SIGNATURE": "abc", "SWIFT_logs_LOGSERVER_PREFIX": "https://logs/",
		"SWIFT_my_docs_URL": "https://swift.example.org/docs",
	})), testNumber, "job")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]zuul.Swift{
		"logs":    {URL: "https://swift.example.org/v1/AUTH_x/logs/45/", HMACBody: body, Signature: "abc", LogserverPrefix: "https://logs/"},
		"my_docs": {URL: "https://swift.example.org/docs"},
	}
	if diff := cmp.Diff(want, p.Swift); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHostileArguments(t *testing.T) {
	long := strings.Repeat("x", 256)
	for name, values := range map[string][]any{
		"ZUUL_PROJECT": {
			"../etc", "openstack/../nova", "openstack/..", "/etc", "-x", "openstack/-x", "openstack//nova", "openstack/", ".", "a/./b", "~root/x", "a\\b", "a b",
			"a%2e%2e/b", "a?b", "a#b", "a:b", "nova\n", "nova\x00", "nova\u202e", "nova/.git", "nova/.GIT/hooks", long,
			[]string{"openstack/nova"},
			"", "a'b", "a$(id)",
		},
		"ZUUL_PIPELINE": {"a/b", "..", "-x", ".hidden", "a\\b", "a\nb", long, map[string]any{"x": 1}},
		"ZUUL_URL":      {"https://x\n", "https://x\x7f"},
		"ZUUL_REF":      {"--upload-pack=x", "a..b", "refs/heads/a:refs/heads/b", "+refs/x", "a b", "a\x00b", "/refs", "refs/x.lock"},
		"ZUUL_REFNAME":  {"--upload-pack=x", "a..b"},
		"ZUUL_BRANCH":   {"--upload-pack=x", "a..b", "-b"},
		"ZUUL_COMMIT":   {"HEAD", "--help", testCommit[:39], testCommit + "0", strings.ToUpper(testCommit), "master"},
		"ZUUL_NEWREV":   {"HEAD", "--help", "..", "abcdef0"},
		"ZUUL_OLDREV":   {"HEAD"},
		"ZUUL_CHANGE":   {"1..", "-1", "1.5", "x", "12345/..", "123456789012345678901", 1.5},
		"ZUUL_PATCHSET": {"..", "../1", "-1", "x"},
		"LOG_PATH": {
			"../x", "a/../../x", "/etc", "a//b", "a/b//", "//", "/", "a/./b", ".", "..", "a/..", "-x/y", "a\x00b", "a\nb", "a\x1b[2Jb", "a\\..\\b", ".ssh/x", "a/.htaccess",
			strings.Repeat("x/", 513), long, "a\u202eb",
			[]string{"a"},
		},
		"BASE_LOG_PATH":            {"../x", "/etc", "a//b", "a\x00b"},
		"ZUUL_CHANGES":             {"a\nb", "a\x00"},
		"ZUUL_CHANGE_IDS":          {"a\nb"},
		"ANYTHING":                 {"a\x00b", "a\x1bb", "a\x7fb", "a\u0085b", strings.Repeat("x", 128<<10)},
		long:                       {"x"},
		"SWIFT_logs_URL":           {"https://x\n"},
		"SWIFT_x_HMAC_BODY":        {"a\x00b"},
		"bad name\x1b[2J":          {"a\x00b"},
		"SWIFT_x_SIGNATURE":        {"a\nb"},
		"SWIFT_x_LOGSERVER_PREFIX": {"a\nb"},
	} {
		for _, value := range values {
			p, err := zuul.ParseParams([]byte(with(t, map[string]any{name: value})), testNumber, "gate-migrations")
			var bad *zuul.PayloadError
			if !errors.As(err, &bad) || !bad.Permanent() || len(bad.Mistakes) != 1 {
				t.Errorf("%.20q = %.40q: error %v, want one mistake", name, value, err)
				continue
			}
			if strings.ContainsAny(err.Error(), "\x00\x1b\n") || len(err.Error()) > 300 || p.Project != "" || p.All != nil {
				t.Errorf("%.20q = %.40q: error %q, parameters %+v", name, value, err, p)
			}
		}
	}
}

func TestPayloadsThatAreNone(t *testing.T) {
	many := map[string]any{}
	for i := range 1001 {
		many[fmt.Sprintf("X%d", i)] = i
	}
	for name, payload := range map[string]string{
		"empty": "", "null": "null", "a list": "[]", "text": `"x"`, "cut": `{"ZUUL_PROJECT": "x"`, "two": "{}{}", "followed by text": "{} x", "NUL": "\x00",
		"Latin-1": strings.Replace(with(t, map[string]any{"X": "cafe"}), "cafe", "caf\xe9", 1), "deep": strings.Repeat("[", 100000), "many": with(t, many),
		"large": `{"ZUUL_PROJECT": "x", "X": "` + strings.Repeat("x", 1<<20) + `"}`, "no arguments": "{}",
	} {
		if _, err := zuul.ParseParams([]byte(payload), testNumber, "job"); err == nil {
			t.Errorf("%s: passes", name)
		}
	}
}

// Every mistake is told at once, in the same order every time.
func TestMistakesAreToldTogether(t *testing.T) {
	_, err := zuul.ParseParams([]byte(`{"ZUUL_PROJECT": "..", "ZUUL_REF": "-x", "LOG_PATH": "/", "A": "\u0000", "B": "\u0000"}`), "a/b", "job")
	if err == nil {
		t.Fatal("passes")
	}
	var told []string
	for part := range strings.SplitSeq(strings.TrimPrefix(err.Error(), "arguments from Zuul: "), "; ") {
		told = append(told, strings.SplitN(part, ":", 2)[0])
	}
	if diff := cmp.Diff([]string{"A", "B", "LOG_PATH", "ZUUL_PROJECT", "ZUUL_REF", "the job's unique"}, told); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A payload of nothing but mistakes does not flood the log.
func TestManyMistakes(t *testing.T) {
	all := map[string]any{}
	for i := range 500 {
		all[fmt.Sprintf("X%03d", i)] = "\x00"
	}
	_, err := zuul.ParseParams([]byte(with(t, all)), testNumber, "job")
	if err == nil || !strings.HasSuffix(err.Error(), "; X009: a control character; and 490 more") {
		t.Errorf("%v", err)
	}
}

// A job's name that is no element of a path cannot end in a log path.
func TestLogPathOfAHostileJob(t *testing.T) {
	for _, job := range []string{"../..", "", "a/../..", "-x"} {
		p, err := zuul.ParseParams([]byte(with(t, zuul20(nil))), testNumber, job)
		if job != "" && err == nil || job == "" && p.LogPath != "45/12345/6/check/1234567" {
			t.Errorf("job %q: log path %q, %v", job, p.LogPath, err)
		}
	}
}
