package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"latchkey/config/value"
)

func TestTheShapeOfWhatWasSeen(t *testing.T) {
	var s Shape
	for _, u := range []value.Use{
		{Path: "", Keys: []string{"apps", "routes"}, Closed: true},
		{Path: "apps[3].roles[1]", Keys: []string{"id"}},
		{Path: "apps[0].roles[0]", Keys: []string{"risk"}, Closed: true},
		{Path: "apps[0].roles[0].risk", Words: []string{"low", "high"}},
		{Path: "routes", Free: true},
		{Path: "routes.one", Keys: []string{"stages"}, Closed: true},
		{Path: "routes.two[0]", Keys: []string{"need"}},
		{Path: "routes.two[0].need", Words: []string{"all"}},
	} {
		s.Saw(u)
	}
	text, err := s.JSON(map[string]string{"apps": "the catalogue"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	at := func(path string) any {
		var v any = got
		for step := range strings.SplitSeq(path, " ") {
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%s: nothing at %s", path, step)
			}
			v = m[step]
		}
		return v
	}
	if at("additionalProperties") != false || at("properties apps description") != "the catalogue" || at("properties apps items properties roles items additionalProperties") != false ||
		at("properties apps items properties roles items properties id") == nil || at("properties routes additionalProperties properties stages") == nil ||
		at("properties routes additionalProperties items properties need anyOf") == nil || at("properties routes properties") != nil {
		t.Errorf("%s", text)
	}
	words := at("properties apps items properties roles items properties risk anyOf").([]any)[0].(map[string]any)["enum"].([]any)
	if len(words) != 2 || words[0] != "high" {
		t.Errorf("words are %v", words)
	}
}

func TestTheSchemaIsThere(t *testing.T) {
	var got struct{ Title string }
	if err := json.Unmarshal(Text(), &got); err != nil || got.Title != "Latchkey's configuration" {
		t.Errorf("%+v %v", got, err)
	}
	Text()[0] = 'x'
	if Text()[0] != '{' {
		t.Error("whoever reads it can change it")
	}
}
