package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/app"
)

func TestHealthSaysWhatFails(t *testing.T) {
	all := []app.HealthCheck{{Name: "store", OK: true, Detail: "the store answers"}, {Name: "slack", Detail: "0 connections"}}
	var out bytes.Buffer
	if err := writeHealth(&out, all); err != nil {
		t.Fatal(err)
	}
	if want := "ok    store: the store answers\nFAIL  slack: 0 connections\n"; out.String() != want {
		t.Errorf("it reads\n%s", out.String())
	}
	if err := unhealthy(all); err == nil || err.Error() != "1 of 2 checks failed" {
		t.Errorf("the error is %v", err)
	}
	if err := unhealthy(all[:1]); err != nil {
		t.Errorf("the error is %v", err)
	}
}

// No store is made by asking, and nobody takes a bot that doesn't run for one that works.
func TestHealthOfNobody(t *testing.T) {
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, example, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	root := commands(example)
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetArgs([]string{"health", "--config", path})
	if err := root.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "latchkey run") {
		t.Errorf("health says %v, %s", err, out.String())
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.db*")); err != nil || len(left) > 0 {
		t.Errorf("asking made %v, %v", left, err)
	}
}
