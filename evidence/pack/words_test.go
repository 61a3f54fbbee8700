package pack_test

import (
	"encoding/json"
	"testing"
	"time"

	"latchkey/evidence/pack"
)

// The four words for why there is no value are never the value, nor each other.
func TestFactsInWords(t *testing.T) {
	for want, f := range map[string]pack.Fact[int]{
		"7":                         pack.Is(7),
		"[none]":                    pack.Lacks[int](pack.None, ""),
		"[unknown: Okta is off]":    pack.Lacks[int](pack.Unknown, "Okta is off"),
		"[not asked: switched off]": pack.Lacks[int](pack.NotAsked, "switched off"),
		"[not recorded]":            {},
	} {
		if got := pack.Number(f); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	lists := pack.Is([]string{"a", "b"})
	if got := pack.List(lists, pack.Itself); got != "a; b" {
		t.Error(got)
	}
	if got := pack.Decimal(pack.Is(2.0)) + " " + pack.Decimal(pack.Is(2.54)); got != "2 2.5" {
		t.Error(got)
	}
}

// A fact is read back as it was written, whatever stands behind it.
func TestFactsInJSON(t *testing.T) {
	for want, f := range map[string]pack.Fact[string]{
		`{"is":"known","value":"Sales"}`:       pack.Is("Sales"),
		`{"is":"known","value":""}`:            pack.Is(""),
		`{"is":"unknown","why":"Okta is off"}`: pack.Lacks[string](pack.Unknown, "Okta is off"),
		`{"is":"not_recorded"}`:                {},
	} {
		text, err := json.Marshal(f)
		if err != nil || string(text) != want {
			t.Errorf("%s, %v", text, err)
		}
		var back pack.Fact[string]
		if err := json.Unmarshal(text, &back); err != nil || back.Knowledge() != f.Knowledge() || back.Value != f.Value || back.Why != f.Why {
			t.Errorf("%s is read as %+v, %v", text, back, err)
		}
	}
}

// Moments say that they are UTC, and what has not happened is no moment.
func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 3, 11, 8, 9, 0, time.FixedZone("CET", 3600))
	for want, got := range map[string]string{
		"3 Nov 2026 10:08 UTC": pack.When(at), "3 Nov 2026 10:08": pack.Brief(at), "2026-11-03T10:08:09Z": pack.Stamp(at), "3 Nov 2026": pack.Day(at), "3 Nov 2026 10:08:09": pack.Clock(at),
		"": pack.When(time.Time{}) + pack.Stamp(time.Time{}) + pack.Brief(time.Time{}), "[not recorded]": pack.Day(time.Time{}),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Answers, and what came of them, in sentences.
func TestAnswersInWords(t *testing.T) {
	at, tom := time.Date(2026, 11, 3, 10, 8, 0, 0, time.UTC), pack.Actor{Person: "P-TOM", Name: "Tom Becker"}
	a := pack.Answer{Stage: 1, Verdict: pack.NotMine, By: tom, For: "P-INES", At: at, Surface: "slack", Seconds: pack.Is(2.1), Reason: "other team", Undone: &pack.Undo{By: pack.Actor{}, At: at}}
	if got := a.String(); got != "stage 1: not mine by Tom Becker in place of P-INES, 3 Nov 2026 10:08 UTC, slack, 2.1 s: other team (taken back by Latchkey, 3 Nov 2026 10:08 UTC)" {
		t.Error(got)
	}
	for want, one := range map[string]pack.Answer{
		"time [not recorded], 3 rows at once": {Bulk: true, Together: 3}, "1.5 s, at once with others": {Seconds: pack.Is(1.5), Bulk: true},
	} {
		if got := one.Took(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, o := range map[string]pack.Outcome{
		"open": {}, "gone before an answer": {How: pack.GoneMeanwhile}, "no answer: revoke": {How: pack.NobodySpoke, Verdict: pack.Revoke},
		"no reviewer: revoke": {How: pack.NobodyFound, Verdict: pack.Revoke}, "as recommended: keep": {How: pack.ByAdvice, Verdict: pack.Keep}, "keep": {How: pack.ByAnswers, Verdict: pack.Keep},
	} {
		if got := o.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	row := pack.Row{Answers: []pack.Answer{a, {Verdict: pack.NotMine}, {Verdict: pack.Keep, Stage: 2}}}
	if counting := row.Counting(); len(counting) != 1 || counting[0].Stage != 2 {
		t.Errorf("%+v", counting)
	}
}

// What else a report says of rows and people.
func TestWordsOfRows(t *testing.T) {
	at, tom := time.Date(2026, 11, 3, 10, 8, 0, 0, time.UTC), pack.Actor{Account: "tom@northwind.test"}
	for want, got := range map[string]string{
		"IT-7 https://northwind.test/browse/IT-7": pack.Link{Key: "IT-7", URL: "https://northwind.test/browse/IT-7"}.String(),
		"IT-7":              pack.Link{Key: "IT-7"}.String(),
		"11 of 12 in Sales": pack.Peers{Have: 11, Of: 12, Who: "in Sales"}.String(),
		"AC-1: not mine by Tom, 3 Nov 2026 10:08 UTC: moved":                                                         pack.Earlier{Campaign: "AC-1", Answer: pack.NotMine, By: "Tom", At: at, Reason: "moved"}.String(),
		`3 Nov 2026 10:08 UTC: title from "a" to "b"`:                                                                pack.Change{At: at, What: "title", From: "a", To: "b"}.String(),
		"reports to (AR-1): her manager. Nothing was done about it":                                                  pack.Conflict{Kind: pack.ReportsTo, About: "AR-1", Words: "her manager"}.String(),
		"reports to (AR-1): her manager. Given to another (tom@northwind.test, 3 Nov 2026 10:08 UTC)":                pack.Conflict{Kind: pack.ReportsTo, About: "AR-1", Words: "her manager", Solved: "Given to another", By: tom, At: at}.String(),
		"to tom@northwind.test from 3 Nov 2026 10:08 UTC until 3 Nov 2026 10:08 UTC, for all, set by Latchkey: away": pack.Delegation{To: tom, From: at, Until: at, Scope: "all", Reason: "away"}.String(),
		"3 to tom@northwind.test by Latchkey, 3 Nov 2026 10:08 UTC":                                                  pack.Reassignment{To: tom, Rows: 3, At: at}.String(),
		"restored by tom@northwind.test, 3 Nov 2026 10:08 UTC: needed IT-8":                                          pack.Restore{By: tom, At: at, Reason: "needed", Issue: pack.Link{Key: "IT-8"}}.String(),
		"ERP (direct accounts): in no directory":                                                                     pack.Blind{Kind: pack.DirectAccounts, What: "ERP", Why: "in no directory"}.String(),
		"ERP: in no directory":                                                                                       pack.Blind{Kind: pack.OtherBlind, What: "ERP", Why: "in no directory"}.String(),
		"yes no":                                                                                                     pack.YesNo(true) + " " + pack.YesNo(false),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What can't be seen is written as its number, so that nobody's name passes for another one.
func TestClean(t *testing.T) {
	for text, want := range map[string]string{"Maya": "Maya", "Łukasz 山": "Łukasz 山", "\u202eevil": "[U+202E]evil", "a\x00b": "a[U+0000]b", "\xff": "\ufffd", "👩\u200d💻": "👩\u200d💻", "line\u2028break": "line[U+2028]break"} {
		if got := pack.Clean(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
