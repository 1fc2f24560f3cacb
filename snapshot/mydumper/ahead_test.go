package mydumper_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
)

// manyFiles are rows in files of very different sizes, and the text that they are.
func manyFiles(n int, extension string) (names map[string]string, want string) {
	names = files()
	for name := range names {
		if strings.HasPrefix(name, "d.t.0") {
			delete(names, name)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		var rows strings.Builder
		for end := 1 << random.IntN(22); rows.Len() < end; {
			fmt.Fprintf(&rows, "INSERT INTO `t` VALUES\n(%d),\n(%d);\n", i, rows.Len())
		}
		names[fmt.Sprintf("d.t.%05d.sql%s", i, extension)] = rows.String()
		want += "USE `d`;\n" + rows.String()
	}
	return names, want
}

func rowsOf(text string) string {
	from := strings.Index(text, "USE `d`;\nINSERT")
	return text[from:strings.Index(text, "/*!40101 SET SQL_MODE=@OLD")]
}

// However many files are read at a time, and however slowly, the text is the same.
func TestTextDoesNotDependOnJobs(t *testing.T) {
	for _, extension := range []string{"", ".gz", ".zst"} {
		names, want := manyFiles(25, extension)
		dir := written(t, names)
		for _, jobs := range []int{0, 1, 2, 16} {
			d, err := mydumper.Open(dir, jobs)
			if err != nil {
				t.Fatal(err)
			}
			if got := rowsOf(textOf(t, d)); got != want {
				t.Fatalf("%s, %d jobs: %d bytes, want %d", extension, jobs, len(got), len(want))
			}
		}
	}
}

// Files that are read ahead are held back where what they hold is not taken, and the goroutines end with the reading, wherever it is left.
func TestReadingAheadIsBoundedAndEnds(t *testing.T) {
	names := files()
	rows := strings.Repeat("INSERT INTO `t` VALUES\n(1);\n", 1<<20) // 28 MiB
	for i := range 8 {
		names[fmt.Sprintf("d.t.%05d.sql.zst", i)] = rows
		delete(names, fmt.Sprintf("d.t.%05d.sql", i))
	}
	d, err := mydumper.Open(written(t, names), 2)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	var m0, m1 runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m0)
	r, read, err := d.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	for last := int64(-1); last != read.Load(); time.Sleep(200 * time.Millisecond) { // until they wait
		last = read.Load()
	}
	runtime.GC()
	runtime.ReadMemStats(&m1)
	if held := int64(m1.HeapAlloc) - int64(m0.HeapAlloc); held > 80<<20 {
		t.Errorf("%d MiB are held for 2 jobs", held>>20)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines after Close, %d before", n, before)
	}
	if _, err := io.Copy(io.Discard, r); err == nil {
		t.Error("a closed reading goes on")
	}
}

// The error of a file comes where the file stands, whatever is wrong with those behind it; nothing of it is lost on the way.
func TestErrorsComeInOrder(t *testing.T) {
	for _, jobs := range []int{1, 16} {
		names, _ := manyFiles(20, "")
		names["d.t.00007.sql"] = "INSERT INTO `t` VALUES\n(1);\nINSERT INTO `t` VALUES\n(2)"
		names["d.t.00003.sql.zst"] = names["d.t.00003.sql"]
		delete(names, "d.t.00003.sql")
		names["d.t.00009.sql"] = "x"
		dir := written(t, names)
		d, err := mydumper.Open(dir, jobs)
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := d.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err == nil || !strings.Contains(err.Error(), "d.t.00007.sql") || !strings.HasSuffix(string(text), "(2)") {
			t.Errorf("%d jobs: %v after %d bytes", jobs, err, len(text))
		}
		if _, again := r.Read(make([]byte, 1)); !errors.Is(again, err) {
			t.Errorf("then %v", again)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What lies in a directory when it was opened is what is read, or the reading fails.
func TestChangedFiles(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"appended": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString("INSERT INTO `t` VALUES\n(3);\n")
			return errors.Join(err, f.Close())
		},
		"touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		"replaced by a file": func(path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return errors.Join(os.WriteFile(path+"x", text, 0o600), os.Rename(path+"x", path))
		},
		"replaced by a link":      func(path string) error { return errors.Join(os.Remove(path), os.Symlink("d.t.00000.sql", path)) },
		"replaced by a directory": func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		"removed":                 os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t, files())
			d := open(t, dir)
			if err := change(filepath.Join(dir, "d.t.00001.sql")); err != nil {
				t.Fatal(err)
			}
			if err := readAll(d); err == nil || !strings.Contains(err.Error(), "d.t.00001.sql") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A file that grows between its first and its last byte is not taken for whole.
func TestFileChangedWhileRead(t *testing.T) {
	names := files()
	names["d.t.00001.sql"] = strings.Repeat("INSERT INTO `t` VALUES\n(1);\n", 1<<21) // more than is read ahead
	dir := written(t, names)
	d, err := mydumper.Open(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := d.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "d.t.00001.sql"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("INSERT INTO `t` VALUES\n(3);\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r); err == nil || !strings.Contains(err.Error(), "d.t.00001.sql: the file was changed") {
		t.Errorf("error %v", err)
	}
}

// Links and directories are none of mydumper's files.
func TestIrregularFiles(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"a link":      func(path string) error { return os.Symlink("d.t.00000.sql", path) },
		"a directory": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		dir := written(t, files())
		if err := put(filepath.Join(dir, "d.t.00002.sql")); err != nil {
			t.Fatal(err)
		}
		if _, err := mydumper.Open(dir, 1); err == nil || !strings.Contains(err.Error(), "d.t.00002.sql") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
