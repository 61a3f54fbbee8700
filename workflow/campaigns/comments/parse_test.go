package comments

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/access"
)

func TestWhatACommentSays(t *testing.T) {
	keep, revoke, other := access.DecisionKeep, access.DecisionRevoke, access.DecisionNotMine
	for text, want := range map[string]words{
		"keep 3":                                {Lines: []line{{Row: 3, Decision: keep}}},
		"Revoke #4: has left the team":          {Lines: []line{{Row: 4, Decision: revoke, Reason: "has left the team"}}},
		"• revoke row 4 : see: the plan":        {Lines: []line{{Row: 4, Decision: revoke, Reason: "see: the plan"}}},
		"Hello\n\n- keep 1\n- REVOKE 2: gone\n": {Lines: []line{{Row: 1, Decision: keep}, {Row: 2, Decision: revoke, Reason: "gone"}}},
		"keep 3: a\nkeep 3: b":                  {Lines: []line{{Row: 3, Decision: keep, Reason: "b"}}},
		"keep 3\nrevoke 3: b":                   {Lines: []line{{Row: 3, Decision: keep, Wrong: "The comment says two things of row 3."}}},
		"revoke 3:":                             {Lines: []line{{Row: 3, Decision: revoke, Wrong: "There is nothing behind the colon."}}},
		"keep 3 because she needs it":           {Lines: []line{{Row: 3, Decision: keep, Wrong: "It can't be read: a row's number, and a reason only behind a colon."}}},
		"not mine 5":                            {Lines: []line{{Row: 5, Decision: other}}},
		"Not Mine row #5: Bo looks after it":    {Lines: []line{{Row: 5, Decision: other, Reason: "Bo looks after it"}}},
		"not mine 3\nkeep 3":                    {Lines: []line{{Row: 3, Decision: other, Wrong: "The comment says two things of row 3."}}},
		"not mine":                              {Lines: []line{{Decision: other, Wrong: "It can't be read: a row's number, and a reason only behind a colon."}}},
		"not mine 5 ask Bo":                     {Lines: []line{{Row: 5, Decision: other, Wrong: "It can't be read: a row's number, and a reason only behind a colon."}}},
		"not mine, I should think":              {},
		"not mine to judge whether it is good":  {},
		"not 5":                                 {},
		"revoke":                                {Lines: []line{{Decision: revoke, Wrong: "It can't be read: a row's number, and a reason only behind a colon."}}},
		"keep 99999999999":                      {Lines: []line{{Decision: keep, Wrong: "It can't be read: a row's number, and a reason only behind a colon."}}},
		"rows":                                  {List: true},
		"Rows after #17":                        {List: true, After: 17},
		"keep in mind that 3 of them left":      {},
		"I would keep 3":                        {},
		"rows of what?":                         {},
		"":                                      {},
	} {
		if got := parse(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %+v, not %+v", text, got, want)
		}
	}
	var long strings.Builder
	for n := range mostLines + 1 {
		fmt.Fprintf(&long, "keep %d\n", n+1)
	}
	if w := parse(long.String()); len(w.Lines) != mostLines || !w.More {
		t.Errorf("%d lines, more %v", len(w.Lines), w.More)
	}
}

// FuzzParse: whatever is written, no row is answered that isn't named behind the word at the begin of a line, nor twice.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"keep 3", "revoke 4: gone", "rows after 3", "keep\u20283", "revoke #\u0663: x", "keep 3\r\nkeep 3", "revoke 0", "keep -1", "\x00keep 1", "not mine 3: Bo", "not mine"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, seen := parse(text), map[int]bool{}
		for _, l := range w.Lines {
			if l.Row < 0 || l.Wrong == "" && (l.Row == 0 || seen[l.Row]) || utf8.RuneCountInString(l.Reason) > access.MaxReason {
				t.Errorf("%q is read as %+v", text, w)
			}
			if l.Decision != access.DecisionKeep && l.Decision != access.DecisionRevoke && l.Decision != access.DecisionNotMine {
				t.Errorf("%q decides %q", text, l.Decision)
			}
			seen[l.Row] = true
		}
		if len(w.Lines) > mostLines {
			t.Errorf("%d lines", len(w.Lines))
		}
	})
}
