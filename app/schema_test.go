package app

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"latchkey/config"
	"latchkey/config/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

const schemaFile = "../config/schema/latchkey.schema.json"

// described is what the program reads of the files in which everything stands, with what the example says of it.
func described(t *testing.T) []byte {
	t.Helper()
	var shape schema.Shape
	for _, file := range []string{"testdata/everything.yaml", "testdata/kinds.yaml", "../config.yaml"} {
		config.Describe(file, []byte(read(t, file)), Backends(), shape.Saw)
	}
	text, err := shape.JSON(commentsOf(t, "../config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// commentsOf is what a file's comments say beside its keys, by their places.
func commentsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, file)), &doc); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	var walk func(path string, n *yaml.Node)
	walk = func(path string, n *yaml.Node) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			key, v := n.Content[i], n.Content[i+1]
			at := strings.TrimPrefix(path+"."+key.Value, ".")
			if text := strings.TrimSpace(strings.TrimLeft(v.LineComment, "# ")); text != "" && said[at] == "" {
				said[at] = text
			}
			walk(at, v)
		}
		for i := 0; n.Kind == yaml.SequenceNode && i < len(n.Content); i++ {
			walk(path+"[]", n.Content[i])
		}
	}
	walk("", doc.Content[0])
	return said
}

// TestTheSchemaIsWhatTheProgramReads: with -update it is written anew.
func TestTheSchemaIsWhatTheProgramReads(t *testing.T) {
	want := described(t)
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, schemaFile); got != string(want) {
		t.Errorf("%s isn't what the program reads any more: go test ./app -run TestTheSchema -update", schemaFile)
	}
}

// judged is what the schema says of a file.
func judged(t *testing.T, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(read(t, schemaFile))))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var said any
	if err := yaml.Unmarshal([]byte(text), &said); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(v)
}

// TestTheSchemaTakesWhatTheProgramTakes: it marks nothing in files that load.
func TestTheSchemaTakesWhatTheProgramTakes(t *testing.T) {
	files, err := filepath.Glob("../config/testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "../config.yaml", "testdata/everything.yaml", "testdata/planted.yaml") {
		if err := judged(t, read(t, file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestTheSchemaMarksSlips: keys that nobody reads and words that mean nothing, wherever they stand.
func TestTheSchemaMarksSlips(t *testing.T) {
	whole := read(t, "../config.yaml")
	for old, slip := range map[string]string{
		"it_channel:":              "it_chanel:",
		"    pending: Waiting":     "    pendig: Waiting",
		"    type: okta":           "    type: otka",
		"    owners: [noor":        "    owner: [noor",
		"risk: medium":             "risk: mediun",
		"  level: info":            "  level: inof",
		"decisions: [slack, jira]": "decisions: [slack, jyra]",
	} {
		if !strings.Contains(whole, old) {
			t.Fatalf("%q isn't in the example", old)
		}
		if err := judged(t, strings.Replace(whole, old, slip, 1)); err == nil {
			t.Errorf("%s is not marked", slip)
		}
	}
	if err := judged(t, strings.Replace(whole, "  level: info", "  level: ${LEVEL}", 1)); err != nil {
		t.Errorf("what comes from outside is marked: %v", err)
	}
}

// TestTheSchemaExplains: editors show what the example says.
func TestTheSchemaExplains(t *testing.T) {
	var root struct {
		Properties struct {
			Slack struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(Schema(), &root); err != nil || !strings.HasPrefix(root.Properties.Slack.Properties["it_channel"].Description, "hears of whatever") {
		t.Errorf("%+v %v", root.Properties.Slack.Properties["it_channel"], err)
	}
}
