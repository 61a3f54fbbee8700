package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"latchkey/app"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/jira/spectest"
)

// specFolders is the folder with the vendors' API descriptions, where there is one.
func specFolders() []string {
	for _, dir := range []string{os.Getenv("LATCHKEY_SPECS"), filepath.Join("..", "..", "shared", "specs")} {
		if _, err := os.Stat(filepath.Join(dir, "jsm-cloud.openapi.json")); dir != "" && err == nil {
			return []string{dir}
		}
	}
	return nil
}

// TestJiraExchangesFitTheVendorsDescription plays the stories about Jira with a
// checker between bot and site: what the bot sends and what it is answered has to
// be what Atlassian describes. It is there where the descriptions are.
func TestJiraExchangesFitTheVendorsDescription(t *testing.T) {
	for _, dir := range specFolders() {
		next := &http.Transport{}
		c := spectest.New(t, dir, next)
		c.Refused, c.Undescribed = true, trouble
		stories, err := filepath.Glob("testdata/script/jira_*.txtar")
		if err != nil || len(stories) == 0 {
			t.Fatalf("no stories about Jira: %v", err)
		}
		for _, story := range stories {
			t.Run(strings.TrimSuffix(filepath.Base(story), ".txtar"), func(t *testing.T) { playChecked(t, story, c) })
		}
		next.CloseIdleConnections()
		uses := c.Uses()
		for _, use := range slices.Sorted(maps.Keys(uses)) {
			t.Logf("%6d %s", uses[use], use)
		}
		for _, needed := range []string{
			"POST /rest/servicedeskapi/request", "POST /rest/servicedeskapi/request/{issueIdOrKey}/approval/{approvalId}",
			"POST /rest/api/3/issue/{issueIdOrKey}/transitions", "POST /rest/api/3/issue/{issueIdOrKey}/comment", "PUT /rest/api/3/issue/{issueIdOrKey}",
			"POST /rest/api/3/search/jql", "POST /rest/api/3/issue/bulkfetch", "POST /rest/api/3/changelog/bulkfetch",
		} {
			if uses[needed] == 0 {
				t.Errorf("no story made the call %s", needed)
			}
		}
	}
}

// trouble may come as any status, and is described nowhere.
func trouble(status int) bool { return status >= 500 || status == http.StatusTooManyRequests }

// playChecked tells one story with the checker between bot and site.
func playChecked(t *testing.T, file string, c *spectest.Checker) {
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tell := &company{dir: t.TempDir(), log: io.Discard}
	if err := unpack(story, tell.dir); err != nil {
		t.Fatal(err)
	}
	if tell.path, err = storyConfig(tell.dir); err != nil {
		t.Fatal(err)
	}
	config, err := loadConfig(tell.path)
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(config, sandbox.NewClockAt(storyStart()), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	site, err := url.Parse(world.Addresses().Jira)
	if err != nil {
		t.Fatal(err)
	}
	between := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(site); r.Out.Host = r.In.Host },
		Transport: c, ErrorLog: log.New(io.Discard, "", 0),
	})
	tell.world, tell.tell, tell.jira = world, &harness.Harness{World: world}, between.URL
	tell.configure(config)
	if err = prepare(tell.dir, tell.tell); err == nil {
		tell.boot()
		err = errors.Join(tell.lines(story), tell.stop())
	}
	err = errors.Join(err, tell.end())
	between.Close()
	if err != nil {
		t.Fatal(err)
	}
}

// unpack writes a story's files into a folder.
func unpack(story *txtar.Archive, dir string) error {
	for _, f := range story.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// lines acts out a story that uses nothing but the harness's words and bot.
func (c *company) lines(story *txtar.Archive) error {
	text := os.Expand(string(story.Comment), func(name string) string {
		for _, known := range surroundings(c) {
			if value, ok := strings.CutPrefix(known, name+"="); ok {
				return value
			}
		}
		return "$" + name
	})
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		words, err := harness.Line(line)
		if err != nil {
			return err
		}
		if words[0] == "bot" {
			err = c.reconfigure(words[2:])
		} else {
			_, err = c.tell.Do(context.Background(), words...)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return nil
}

func (c *company) reconfigure(words []string) error {
	err := c.stop()
	c.stop = func() error { return nil }
	if err = errors.Join(err, c.set(words)); err == nil {
		c.boot()
	}
	return err
}
