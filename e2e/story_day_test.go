package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestStoriesNameNoDay: a story begins on the next Tuesday, so one that names a day of the calendar holds for a
// week at most.
func TestStoriesNameNoDay(t *testing.T) {
	all, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(all) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	day := regexp.MustCompile(`\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b`)
	for _, path := range all {
		story, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if at := day.Find(story); at != nil {
			t.Errorf("%s names the day %q: write … in its place, as in 'It begins … at 09:00'", filepath.Base(path), at)
		}
	}
}
