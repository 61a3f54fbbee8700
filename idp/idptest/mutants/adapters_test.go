package mutants_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryAdapterIsJudgedByMutants: whoever runs the suite runs it with the broken promises, too.
func TestEveryAdapterIsJudgedByMutants(t *testing.T) {
	files, err := filepath.Glob("../../*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	runs, mutants := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		adapter := filepath.Base(filepath.Dir(file))
		if adapter == "idptest" {
			continue // its vendor is judged here
		}
		runs[adapter] = runs[adapter] || strings.Contains(string(text), "idptest.Run(t")
		mutants[adapter] = mutants[adapter] || strings.Contains(string(text), "mutants.Run(t")
	}
	for adapter, does := range runs {
		if does && !mutants[adapter] {
			t.Errorf("idp/%s runs the suite and not its mutants: call mutants.Run", adapter)
		}
	}
	if !runs["okta"] || !runs["scim"] {
		t.Errorf("adapters were not found: %v", runs)
	}
}
