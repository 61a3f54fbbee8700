package auditor

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// object is a part of a campaign as JSON has it.
type object map[string]any

// at looks along a path such as "times.snapshot"; nil where there is nothing.
func (o object) at(path string) any {
	var here any = map[string]any(o)
	for name := range strings.SplitSeq(path, ".") {
		m, ok := here.(map[string]any)
		if !ok {
			return nil
		}
		here = m[name]
	}
	return here
}

func (o object) text(path string) string { s, _ := o.at(path).(string); return s }

func (o object) number(path string) float64 {
	n, ok := o.at(path).(float64)
	if !ok {
		return -1
	}
	return n
}

func (o object) yes(path string) bool { b, _ := o.at(path).(bool); return b }

// list is a list of objects, and whether there is a list at all: an empty one is an answer,
// and none is no answer.
func (o object) list(path string) ([]object, bool) {
	all, ok := o.at(path).([]any)
	var out []object
	for _, v := range all {
		if m, isObject := v.(map[string]any); isObject {
			out = append(out, m)
		}
	}
	return out, ok
}

func (o object) time(path string) time.Time {
	t, err := time.Parse(time.RFC3339, o.text(path))
	if err != nil {
		return time.Time{}
	}
	return t
}

// answered reports whether a fact says something: a value, or in so many words why there is
// none. That nobody wrote it down is no answer.
func (o object) answered(path string) bool {
	switch o.text(path + ".is") {
	case "known":
		return o.at(path+".value") != nil
	case "none", "unknown", "not_asked":
		return true
	}
	return false
}

func (o object) known(path string) bool {
	return o.text(path+".is") == "known" && o.at(path+".value") != nil
}

// pack is what the auditor was given, read.
type pack struct {
	files    fs.FS
	campaign object
	rows     []object
	groups   []object
	tables   map[string][]map[string]string
	html     string
	events   []object
	manifest object
	signed   error // nil: the manifest's signature is good, and vouches for every file
}

func open(files fs.FS) (*pack, error) {
	p := &pack{files: files, tables: map[string][]map[string]string{}}
	text, err := fs.ReadFile(files, "campaign.json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &p.campaign); err != nil {
		return nil, err
	}
	p.rows, _ = p.campaign.list("rows")
	p.groups, _ = p.campaign.list("groups")
	for _, name := range []string{"decisions.csv", "population.csv", "removals.csv"} {
		if p.tables[name], err = table(files, name); err != nil {
			return nil, err
		}
	}
	page, err := fs.ReadFile(files, "report.html")
	if err != nil {
		return nil, err
	}
	p.html = string(page)
	if p.events, err = lines(files, "events.jsonl"); err != nil {
		return nil, err
	}
	p.manifest, p.signed = vouched(files, text)
	return p, nil
}

// table reads a CSV as spreadsheets do, by its header.
func table(files fs.FS, name string) ([]map[string]string, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("%s can't be read: %w", name, err)
	}
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		out = append(out, row)
	}
	return out, nil
}

// lines reads a file with an object a line.
func lines(files fs.FS, name string) ([]object, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []object
	for s := bufio.NewScanner(f); s.Scan(); {
		var o object
		if err := json.Unmarshal(s.Bytes(), &o); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// vouched checks the manifest by hand: the Ed25519 signature of a note (c2sp.org/signed-note) with
// the key, the sum of the sums, and the sum of each file. The key is that of the fixture's
// README here; a real auditor has it from elsewhere.
func vouched(files fs.FS, campaign []byte) (object, error) {
	note, err := fs.ReadFile(files, "manifest.note")
	if err != nil {
		return nil, err
	}
	text, rest, ok := strings.Cut(string(note), "\n\n")
	line := strings.Fields(rest)
	var c struct{ Tool struct{ Keys []string } }
	if err := json.Unmarshal(campaign, &c); err != nil {
		return nil, err
	}
	if !ok || len(line) < 3 || len(c.Tool.Keys) == 0 {
		return nil, fmt.Errorf("the manifest is not signed")
	}
	parts := strings.SplitN(c.Tool.Keys[0], "+", 3)
	key, err1 := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	signature, err2 := base64.StdEncoding.DecodeString(line[2])
	if err1 != nil || err2 != nil || len(key) != 33 || len(signature) != 68 || !ed25519.Verify(key[1:], []byte(text+"\n"), signature[4:]) {
		return nil, fmt.Errorf("the manifest's signature is false")
	}
	_, body, _ := strings.Cut(text, "\n")
	var m object
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return nil, err
	}
	return m, summed(files, m.text("sums"))
}

func summed(files fs.FS, want string) error {
	sums, err := fs.ReadFile(files, "SHA256SUMS")
	if err != nil {
		return err
	}
	if hash(sums) != want {
		return fmt.Errorf("SHA256SUMS is not the one that was signed")
	}
	named := map[string]bool{}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		text, err := fs.ReadFile(files, name)
		if err != nil || hash(text) != sum {
			return fmt.Errorf("%s is not the file that was signed", name)
		}
		named[name] = true
	}
	for _, name := range []string{"campaign.json", "report.html", "decisions.csv", "population.csv", "removals.csv", "events.jsonl"} {
		if !named[name] {
			return fmt.Errorf("nobody vouches for %s", name)
		}
	}
	return nil
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// leaf is the hash of an event, put together by hand from nine lines.
func leaf(e object) string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	body, _ := base64.StdEncoding.DecodeString(e.text("body"))
	sum := sha256.Sum256(body)
	text := strings.Join([]string{
		"latchkey/event/v1", e.text("log"), e.text("id"), e.text("subject"), fmt.Sprint(int(e.number("n"))), or(e.text("prev")), fmt.Sprint(int(e.number("schema"))),
		base64.StdEncoding.EncodeToString(sum[:]), or(e.text("private_sum")), "",
	}, "\n")
	all := sha256.Sum256([]byte("\x00" + text))
	return base64.StdEncoding.EncodeToString(all[:])
}

// given is the pack that the auditor was given.
func given(t *testing.T) fstest.MapFS {
	t.Helper()
	dir := os.Getenv("AUDITOR_PACK")
	if dir == "" {
		dir = "testdata/pack"
	}
	out := fstest.MapFS{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(os.DirFS(dir), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = &fstest.MapFile{Data: text}
	}
	return out
}
