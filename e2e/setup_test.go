package e2e

import (
	"encoding/json"
	"os"
	"testing"
)

// The workflow that can be imported is the one that config.yaml names.
func TestWorkflowToImport(t *testing.T) {
	raw, err := os.ReadFile("../docs/jira-workflow.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Statuses  []struct{ Name, StatusReference string }
		Workflows []struct {
			Statuses    []struct{ StatusReference string }
			Transitions []struct {
				Name, ToStatusReference string
				Links                   []struct{ FromStatusReference string }
			}
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	config, err := exampleConfig()
	if err != nil {
		t.Fatal(err)
	}
	names, refs := map[string]bool{}, map[string]bool{}
	for _, s := range doc.Statuses {
		names[s.Name], refs[s.StatusReference] = true, true
	}
	for key, name := range config.Jira.Statuses {
		if !names[name] {
			t.Errorf("the workflow has no status %q for jira.statuses.%s", name, key)
		}
	}
	ways := map[string]bool{}
	for _, w := range doc.Workflows[0].Transitions {
		ways[w.Name] = true
		for _, l := range w.Links {
			if !refs[l.FromStatusReference] {
				t.Errorf("%q begins at a status that is not described", w.Name)
			}
		}
		if !refs[w.ToStatusReference] {
			t.Errorf("%q ends at a status that is not described", w.Name)
		}
	}
	for key, name := range config.Jira.Transitions {
		if !ways[name] {
			t.Errorf("the workflow has no transition %q for jira.transitions.%s", name, key)
		}
	}
}
