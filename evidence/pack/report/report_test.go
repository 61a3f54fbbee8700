package report_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/report"
	"latchkey/evidence/pack/summary"
)

func TestTheReportCanBeUsedByEverybody(t *testing.T) {
	p := packtest.ParsedPage(t, packtest.Written(t, packtest.Review(t))[pack.ReportFile].Text)
	for _, f := range p.Faults() {
		t.Error(f)
	}
	if rows := len(p.All("tr")); rows < 60 {
		t.Errorf("it has %d rows of tables", rows)
	}
}

// The check finds what it looks for.
func TestTheCheckOfPagesFindsFaults(t *testing.T) {
	whole := string(packtest.Written(t, packtest.Review(t))[pack.ReportFile].Text)
	for name, c := range map[string][2]string{
		"language":      {`<html lang="en">`, `<html>`},
		"caption":       {`<caption>Who was asked`, `<caption></caption><caption>Who was asked`},
		"scope":         {`<th scope="col">Chosen`, `<th>Chosen`},
		"row header":    {`<tr id="AR-0003"><th scope="row">`, `<tr id="AR-0003"><td>`},
		"heading":       {`<h3>Pace</h3>`, `<h4>Pace</h4>`},
		"dead link":     {`href="#scope"`, `href="#scop"`},
		"twice":         {`id="AR-0003"`, `id="AR-0002"`},
		"script":        {`<main`, `<script>1</script><main`},
		"handler":       {`<main`, `<main onclick="1"`},
		"picture":       {`<main id="main">`, `<main id="main"><img alt="">`},
		"nav":           {`<nav aria-label="Contents"`, `<nav`},
		"contrast":      {`--quiet: #545c66`, `--quiet: #8a939c`},
		"javascript":    {`href="#scope"`, `href="javascript:alert(1)"`},
		"style loads":   {`</style>`, `body { background: url(x) } </style>`},
		"two main":      {`<footer>`, `<main></main><footer>`},
		"missing cells": {`<td class="n">9</td>`, ``},
	} {
		broken := strings.Replace(whole, c[0], c[1], 1)
		if broken == whole {
			t.Errorf("%s: the page has no %q", name, c[0])
		} else if len(packtest.ParsedPage(t, []byte(broken)).Faults()) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// Everything of a row stands on the page: an auditor who reads nothing else misses nothing.
func TestTheReportSaysEverything(t *testing.T) {
	text := packtest.Words(packtest.ParsedPage(t, packtest.Written(t, packtest.Review(t))[pack.ReportFile].Text).All("main")[0])
	for _, want := range []string{
		"in place of Tom Becker", "Asked: Tom Becker (manager)", "taken back by Tom Becker, 3 Nov 2026 10:09: wrong row", "Okta's rule “platform-team” keeps her in the group", "restored by Tom Becker",
		"unknown: Entra answered 403", "not asked: usage is switched off for the ERP", "The on-premises file server", "svc-backup", "four eyes", "department from \"Partners\" to \"Marketing\"",
		"Hana 山田", "[not recorded]", "3 rows at once", "Checked in the Entra portal", "GET /api/v1/groups/00g1sales/users?limit=200", "no reviewer: revoke",
		"Maya Fischer · Account executive, Sales. Last used 31 Oct 2026. 11 of 12 have it.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
}

// Beyond what browsers take well, rows stand on pages of their own, each once, and what leads
// to them leads to the right one.
func TestPagesOfRows(t *testing.T) {
	const rows = 110
	r, err := summary.Count(t.Context(), packtest.Many(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	out := packtest.Kept{}
	p, err := report.New(r, 50)
	if err == nil {
		err = errors.Join(p.WritePages(t.Context(), out.Create), p.Write(t.Context(), out.File(pack.ReportFile)))
	}
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for n, name := range []string{"rows-0001.html", "rows-0002.html", "rows-0003.html"} {
		if out[name] == nil {
			t.Fatalf("there is no %s", name)
		}
		for _, m := range regexp.MustCompile(`<tr id="(AR-\d+)"`).FindAllStringSubmatch(string(out[name].Text), -1) {
			if seen[m[1]] != "" {
				t.Errorf("%s stands twice", m[1])
			}
			seen[m[1]] = name
		}
		if n == 2 {
			for _, f := range packtest.ParsedPage(t, out[name].Text).Faults() {
				t.Error(f)
			}
		}
	}
	if len(seen) != rows {
		t.Errorf("%d rows", len(seen))
	}
	if !strings.Contains(string(out["rows-0002.html"].Text), "(continued)") || strings.Contains(string(out["rows-0001.html"].Text), "(continued)") {
		t.Error("a group that goes on from the page before doesn't say so")
	}
	links := regexp.MustCompile(`href="(rows-\d+\.html)#(AR-\d+)"`).FindAllStringSubmatch(string(out[pack.ReportFile].Text), -1)
	for _, m := range links {
		if seen[m[2]] != m[1] {
			t.Errorf("%s is said to stand on %s, and stands on %s", m[2], m[1], seen[m[2]])
		}
	}
	if len(links) < rows/10 || out["rows-0004.html"] != nil {
		t.Errorf("%d links", len(links))
	}
}
