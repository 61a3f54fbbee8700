package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"latchkey/config"
)

var (
	fenced   = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	anyFence = regexp.MustCompile("(?s)```.*?```")
	indented = regexp.MustCompile(`(?m)(?:^(?: {4}.*|)\n)+`)
	settings = regexp.MustCompile(`^(?:#.*\n)*([a-z_]+):(?: |\n)`)
)

// shownSettings are the pieces of configuration that a document shows.
func shownSettings(text string) (out []string) {
	for _, m := range fenced.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	for _, m := range indented.FindAllString(anyFence.ReplaceAllString(text, ""), -1) {
		out = append(out, strings.ReplaceAll("\n"+strings.TrimLeft(m, "\n"), "\n    ", "\n")[1:])
	}
	return out
}

// TestConfigurationInTheDocsIsAccepted puts what a document shows of the configuration into the example, as a reader would,
// and has it read.
func TestConfigurationInTheDocsIsAccepted(t *testing.T) {
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := topLevel(t)
	seen := 0
	for _, file := range append(files, "../README.md") {
		whole := parsed(t, contents(t, "../config.yaml"))
		shown := 0
		for _, block := range shownSettings(contents(t, file)) {
			if m := settings.FindStringSubmatch(block); m == nil || keys[m[1]] == nil {
				continue // a command, a picture, what another program reads
			}
			shown++
			for key, value := range parsed(t, block) {
				whole[key] = put(whole[key], value)
			}
		}
		if shown == 0 {
			continue
		}
		if err := accepted(t, whole); err != nil {
			t.Errorf("what %s shows is not accepted: %v", file, err)
		}
		seen += shown
	}
	if seen < 10 {
		t.Errorf("only %d pieces were found: has the way they are written changed?", seen)
	}
}

// topLevel are the keys that a configuration may have, as editors are told them.
func topLevel(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	var schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil || len(schema.Properties) < 15 {
		t.Fatalf("%v, %d keys", err, len(schema.Properties))
	}
	return schema.Properties
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parsed(t *testing.T, text string) (out map[string]any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return out
}

func accepted(t *testing.T, whole map[string]any) error {
	t.Helper()
	text, err := yaml.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = config.Load(path, func(name string) (string, bool) {
		if name == "LATCHKEY_DSN" {
			return "postgres://latchkey:x@db.example.com/latchkey", true
		}
		return "x", true
	}, Backends())
	return err
}

// put puts a setting into the place of another: what has names by its names unless it is of another type, entries with an id by that, anything else wholly.
func put(old, new any) any {
	switch new := new.(type) {
	case map[string]any:
		was, ok := old.(map[string]any)
		if !ok || new["type"] != nil && was["type"] != new["type"] {
			return new // of another type nothing else is the same
		}
		for key, value := range new {
			was[key] = put(was[key], value)
		}
		return was
	case []any:
		was, _ := old.([]any)
		return putEntries(was, new)
	}
	return new
}

func idOf(one any) string {
	fields, _ := one.(map[string]any)
	id, _ := fields["id"].(string)
	return id
}

// putEntries puts entries into the place of those with the same id, and beside the others. One that says
// where it is (url) is whole; of others the rest stays as it was.
func putEntries(was, new []any) (out []any) {
	taken := map[string]any{}
	for _, one := range was {
		if id := idOf(one); id != "" {
			if !whole(new, id) {
				taken[id] = one
				out = append(out, one)
			}
		}
	}
	for _, one := range new {
		if old, ok := taken[idOf(one)]; ok {
			put(old, one)
			continue
		}
		out = append(out, one)
	}
	return out
}

// whole tells that an entry is among some, and says all of itself.
func whole(all []any, id string) bool {
	for _, one := range all {
		if fields, ok := one.(map[string]any); ok && idOf(one) == id && fields["url"] != nil {
			return true
		}
	}
	return false
}
