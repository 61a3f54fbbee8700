package harness

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// usage says of each word what it does, with a line that can be played.
func usage() map[string][2]string {
	return map[string][2]string{
		"slack":     {"slack maya '/access'", "what somebody does in Slack: type, submit NAME=VALUE…, click LABEL, open home, say WORDS"},
		"dm":        {"dm noor 'Maya'", "the newest direct message to somebody with these words in it"},
		"channel":   {"channel it-access 'Paused'", "the newest message in a channel"},
		"pinned":    {"pinned it-access 'Access review'", "a message that stands pinned in a channel"},
		"view":      {"view maya 'Request access'", "the form or list that somebody has open"},
		"thread":    {"thread noor 'Maya' 'question'", "the answers below a message"},
		"whisper":   {"whisper maya 'Nobody'", "what only somebody was shown"},
		"offers":    {"offers maya role 'Editor'", "what a list in somebody's form offers"},
		"home":      {"home ines 'Paused'", "somebody's Home tab"},
		"browser":   {"browser maya opens sign-in", "what somebody does in a browser, to sign in"},
		"okta":      {"okta has figma-editors maya", "the Okta org, and what its administrators do"},
		"directory": {"directory okta has figma-editors maya", "who is in a group; what administrators do to groups and accounts"},
		"jira":      {"jira IT-1 comment 'Noor'", "an issue: its status, comments, fields; what agents do to it"},
		"company":   {"company moves acme.com", "what happens to the whole company"},
		"clock":     {"clock +6h", "time passes"},
		"both":      {"both 'slack noor click Approve' 'slack lena click Approve'", "two lines at the same moment"},
	}
}

// Help is what can be said, a line for each word.
func Help() string {
	var b strings.Builder
	b.WriteString("One line at a time, to POST /do. What is only seen is waited for, and ! before it says that it isn't so.\n\n")
	for _, word := range slices.Sorted(maps.Keys(usage())) {
		u := usage()[word]
		fmt.Fprintf(&b, "  %s\n      %s\n", u[0], u[1])
	}
	return b.String()
}

// unknown is what whoever says a word reads that there isn't.
func unknown(word string) error {
	known := slices.Sorted(maps.Keys(usage()))
	near := slices.MinFunc(known, func(a, b string) int { return cmp.Compare(apart(word, a), apart(word, b)) })
	if apart(word, near) > 2 {
		return fmt.Errorf("there is no word %q: say one of %s; help says more", word, strings.Join(known, ", "))
	}
	return fmt.Errorf("there is no word %q: did you mean %q? help lists all", word, near)
}

// apart is how many letters have to be put, taken or changed to come from one word to the other.
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0]++
		for j := range len(b) {
			put := min(row[j+1]+1, row[j]+1)
			if a[i] == b[j] {
				put = min(put, before)
			}
			before, row[j+1] = row[j+1], min(put, before+1)
		}
	}
	return row[len(b)]
}
