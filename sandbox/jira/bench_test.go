package jira_test

import (
	"fmt"
	"testing"

	"latchkey/sandbox/jira"
)

func BenchmarkSearch(b *testing.B) {
	s := jira.New(jira.Config{})
	defer s.Close()
	for i := range 2000 {
		if _, err := s.RaiseRequest(s.Bot().AccountID, map[string]any{"summary": fmt.Sprint("request ", i)}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if status, body := direct(b, s, `project = IT AND summary ~ "1234" AND created >= -60m`); status != 200 {
			b.Fatal(body)
		}
	}
}
