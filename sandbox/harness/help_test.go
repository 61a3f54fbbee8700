package harness

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"latchkey/sandbox"
)

// TestHelpSaysEveryWord: what there is to say is explained, and what is explained can be said.
func TestHelpSaysEveryWord(t *testing.T) {
	words, explained := slices.Sorted(maps.Keys((&Harness{}).verbs())), slices.Sorted(maps.Keys(usage()))
	if !slices.Equal(words, explained) {
		t.Errorf("there are %v, and explained are %v", words, explained)
	}
	for word, u := range usage() {
		if line, err := Line(u[0]); err != nil || line[0] != word || u[1] == "" {
			t.Errorf("%s: %v %v", word, u, err)
		}
	}
}

// TestWhoeverOpensTheDemoReadsWhatToSay: at / and by help; a slip is answered with what was most likely meant.
func TestWhoeverOpensTheDemoReadsWhatToSay(t *testing.T) {
	world, err := sandbox.Start(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	at := httptest.NewServer(Handler(&Harness{World: world}))
	defer at.Close()
	resp, err := http.Get(at.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK || string(body) != Help() {
		t.Errorf("%d %v %s", resp.StatusCode, err, body)
	}
	for line, want := range map[string]string{"help": "directory okta has figma-editors maya", "slakc maya": `did you mean "slack"?`, "telephone maya": "say one of both, browser"} {
		resp, err := http.Post(at.URL+"/do", "text/plain", strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		var got answer
		err = json.NewDecoder(resp.Body).Decode(&got)
		if resp.Body.Close(); err != nil || !strings.Contains(got.Saw, want) || got.OK != (line == "help") {
			t.Errorf("%s: %+v %v", line, got, err)
		}
	}
}

func TestApart(t *testing.T) {
	for pair, want := range map[[2]string]int{{"slack", "slack"}: 0, {"slakc", "slack"}: 2, {"", "dm"}: 2, {"jria", "jira"}: 2, {"hom", "home"}: 1} {
		if got := apart(pair[0], pair[1]); got != want {
			t.Errorf("%v: %d", pair, got)
		}
	}
}
