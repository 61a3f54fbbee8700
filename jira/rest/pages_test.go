package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/jira/rest"
)

func TestPagesThatGoRoundInCircles(t *testing.T) {
	for name, c := range map[string]struct {
		page  func(n int) (ids []string, token string)
		until int // how many pages it goes well; 0: for ever
	}{
		"an ordinary list":       {func(n int) ([]string, string) { return []string{fmt.Sprint(n)}, fmt.Sprint("t", n) }, 0},
		"by number":              {func(n int) ([]string, string) { return []string{fmt.Sprint(n)}, "" }, 0},
		"the same token":         {func(n int) ([]string, string) { return []string{fmt.Sprint(n)}, "t" }, 1},
		"two tokens in turn":     {func(n int) ([]string, string) { return []string{fmt.Sprint(n)}, fmt.Sprint("t", n%2) }, 2},
		"fresh tokens, old news": {func(n int) ([]string, string) { return []string{"1", "2"}, fmt.Sprint("t", n) }, 4},
		"empty pages":            {func(n int) ([]string, string) { return nil, fmt.Sprint("t", n) }, 3},
		"the first page for all": {func(int) ([]string, string) { return []string{"1", "2"}, "" }, 4},
	} {
		pages, n := rest.Pages{What: "list the statuses"}, 0
		var err error
		for ; n < 5000 && err == nil; n++ {
			err = pages.Turn(c.page(n))
		}
		switch {
		case c.until == 0 && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.until > 0 && (n-1 != c.until || access.Classify(err).Class != access.Transient || !strings.Contains(err.Error(), "list the statuses")):
			t.Errorf("%s: broken off after %d pages: %v", name, n-1, err)
		}
	}
}
