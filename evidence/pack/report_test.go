package pack_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"latchkey/evidence/pack"
)

// page is a page as a browser takes it apart.
type page struct {
	root *html.Node
	text string
}

func parsedPage(t testing.TB, text []byte) page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return page{root, string(text)}
}

// all are the elements of some kinds, in their order; of every kind without any.
func (p page) all(kinds ...string) []*html.Node { return within(p.root, kinds...) }

func within(root *html.Node, kinds ...string) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (len(kinds) == 0 || slices.Contains(kinds, n.Data)) {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// faults are what keeps somebody from using a page, who can't see it, has no mouse, or
// doesn't see well.
func (p page) faults() []string {
	return slices.Concat(p.frame(), p.headings(), p.tables(), p.targets(), p.active(), p.contrast())
}

func (p page) frame() (out []string) {
	for kind, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "header": 1, "footer": 1} {
		if n := len(p.all(kind)); n != want {
			out = append(out, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if attr(p.all("html")[0], "lang") == "" {
		out = append(out, "no language")
	}
	for _, n := range p.all("nav") {
		if attr(n, "aria-label") == "" {
			out = append(out, "a nav without a name")
		}
	}
	for _, n := range p.all("section") {
		if by := attr(n, "aria-labelledby"); by == "" || !strings.Contains(p.text, `id="`+by+`"`) {
			out = append(out, "a section without a name")
		}
	}
	for _, n := range p.all("div") {
		if attr(n, "tabindex") != "" && (attr(n, "role") != "region" || attr(n, "aria-label") == "") {
			out = append(out, "something is reached by the keyboard and has no name")
		}
	}
	return out
}

func (p page) headings() (out []string) {
	level := 0
	for _, n := range p.all("h1", "h2", "h3", "h4", "h5", "h6") {
		now := int(n.Data[1] - '0')
		if now > level+1 {
			out = append(out, fmt.Sprintf("the heading %q skips a level", words(n)))
		}
		if words(n) == "" {
			out = append(out, "an empty heading")
		}
		level = now
	}
	return out
}

func (p page) tables() (out []string) {
	for _, t := range p.all("table") {
		if c := within(t, "caption"); len(c) != 1 || words(c[0]) == "" {
			out = append(out, "a table without a caption")
		}
		columns := len(within(within(t, "thead")[0], "th"))
		for _, th := range within(t, "th") {
			if s := attr(th, "scope"); s != "col" && s != "row" || words(th) == "" {
				out = append(out, fmt.Sprintf("the header %q says not of what", words(th)))
			}
		}
		for _, tr := range within(within(t, "tbody")[0], "tr") {
			if len(within(tr, "th")) != 1 || len(within(tr, "th", "td")) != columns {
				out = append(out, fmt.Sprintf("the row %q has no header, or not as many cells as there are columns", words(tr)))
			}
		}
	}
	return out
}

func (p page) targets() (out []string) {
	ids := map[string]bool{}
	for _, n := range p.all() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				out = append(out, "the id "+id+" is there twice")
			}
			ids[id] = true
		}
	}
	for _, a := range p.all("a") {
		to := attr(a, "href")
		if at, ok := strings.CutPrefix(to, "#"); ok && !ids[at] {
			out = append(out, "a link leads nowhere: "+to)
		}
		if words(a) == "" || to == "" {
			out = append(out, "a link without words or without an end")
		}
	}
	return out
}

// active is whatever runs, loads or sends something.
func (p page) active() (out []string) {
	for _, n := range p.all() {
		if slices.Contains([]string{"script", "iframe", "object", "embed", "img", "link", "form", "input", "button", "base", "svg", "audio", "video", "template"}, n.Data) {
			out = append(out, "there is a "+n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "srcset" {
				out = append(out, n.Data+" has "+a.Key)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") && !strings.HasSuffix(strings.Split(a.Val, "#")[0], ".html") {
				out = append(out, "a link leads to "+a.Val)
			}
		}
	}
	if strings.Contains(words(p.all("style")[0]), "url(") || strings.Contains(words(p.all("style")[0]), "@import") {
		out = append(out, "the style loads something")
	}
	return out
}

// contrast holds every colour of text against every colour of a background (WCAG 2.2, 1.4.3).
func (p page) contrast() (out []string) {
	style := words(p.all("style")[0])
	colours := map[string]string{"white": "#ffffff", "highlight": "#fff6d6"}
	for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]{6})`).FindAllStringSubmatch(style, -1) {
		colours[m[1]] = m[2]
	}
	for _, m := range regexp.MustCompile(`[^-]color: ([^;]+);`).FindAllStringSubmatch(style, -1) {
		name := strings.TrimSuffix(strings.TrimPrefix(m[1], "var(--"), ")")
		if name == "inherit" {
			continue
		}
		if colours[name] == "" {
			out = append(out, "a colour of text that isn't known: "+m[1])
			continue
		}
		for _, ground := range []string{"white", "soft", "highlight"} {
			if c := ratio(colours[name], colours[ground]); c < 4.5 {
				out = append(out, fmt.Sprintf("%s on %s has a contrast of %.1f", name, ground, c))
			}
		}
	}
	return out
}

// ratio is the contrast of two colours, from 1 to 21.
func ratio(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(err)
		}
		v := float64(n) / 255
		if v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func TestTheReportCanBeUsedByEverybody(t *testing.T) {
	p := parsedPage(t, written(t, review(t))[pack.ReportFile].text)
	for _, f := range p.faults() {
		t.Error(f)
	}
	if rows := len(p.all("tr")); rows < 60 {
		t.Errorf("it has %d rows of tables", rows)
	}
}

// The check finds what it looks for.
func TestTheCheckOfPagesFindsFaults(t *testing.T) {
	whole := string(written(t, review(t))[pack.ReportFile].text)
	for name, c := range map[string][2]string{
		"language":      {`<html lang="en">`, `<html>`},
		"caption":       {`<caption>Who was asked`, `<caption></caption><caption>Who was asked`},
		"scope":         {`<th scope="col">Chosen`, `<th>Chosen`},
		"row header":    {`<tr id="AR-0003"><th scope="row" class="id">`, `<tr id="AR-0003"><td>`},
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
		} else if len(parsedPage(t, []byte(broken)).faults()) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// Everything of a row stands on the page: an auditor who reads nothing else misses nothing.
func TestTheReportSaysEverything(t *testing.T) {
	text := words(parsedPage(t, written(t, review(t))[pack.ReportFile].text).all("main")[0])
	for _, want := range []string{
		"in place of P-TOM", "taken back by Tom Becker, 3 Nov 2026 10:09: wrong row", "Okta's rule “platform-team” keeps her in the group", "restored by Tom Becker",
		"unknown: Entra answered 403", "not asked: usage is switched off for the ERP", "The on-premises file server", "svc-backup", "four eyes", "department from \"Partners\" to \"Marketing\"",
		"Hana 山田", "[not recorded]", "3 rows at once", "Checked in the Entra portal", "GET /api/v1/groups/00g1sales/users?limit=200", "no reviewer: revoke",
		"Maya Fischer · Account executive, Sales. Last used 31 Oct 2026. 11 of 12 have it.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
}

// many is a review of as many rows as wanted, half of them of one group.
func many(t testing.TB, rows int) pack.Campaign {
	t.Helper()
	c := review(t)
	example := rowsOf(t, c)[3]
	c.Events = nil
	c.Groups[0].Population.Rows, c.Groups[1].Population.Rows, c.Groups[2].Population.Rows = rows/2, rows-rows/2+1, 0
	c.Leavers = []pack.Leaver{{Person: example.Person, Rows: []string{fmt.Sprint("AR-", rows)}}}
	c.Rows = func(yield func(pack.Row, error) bool) {
		for i := range rows {
			r := example
			r.ID, r.Group = fmt.Sprint("AR-", i+1), c.Groups[0].Key
			if i >= rows/2 {
				r.Group = c.Groups[1].Key
			}
			r.Person.Account, r.Privileged = fmt.Sprint("00u", i), i%50 == 0
			if i%10 > 0 {
				r.Removal, r.Outcome.Verdict = nil, pack.Keep
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	return c
}

// Beyond what browsers take well, rows stand on pages of their own, each once, and what leads
// to them leads to the right one.
func TestPagesOfRows(t *testing.T) {
	const rows = 110
	out := kept{}
	if err := pack.WriteLimited(t.Context(), many(t, rows), signer(t).Sign, out, 50, 50); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for n, name := range []string{"rows-0001.html", "rows-0002.html", "rows-0003.html"} {
		if out[name] == nil {
			t.Fatalf("there is no %s", name)
		}
		for _, m := range regexp.MustCompile(`<tr id="(AR-\d+)"`).FindAllStringSubmatch(string(out[name].text), -1) {
			if seen[m[1]] != "" {
				t.Errorf("%s stands twice", m[1])
			}
			seen[m[1]] = name
		}
		if n == 2 {
			for _, f := range parsedPage(t, out[name].text).faults() {
				t.Error(f)
			}
		}
	}
	if len(seen) != rows {
		t.Errorf("%d rows", len(seen))
	}
	if !strings.Contains(string(out["rows-0002.html"].text), "(continued)") || strings.Contains(string(out["rows-0001.html"].text), "(continued)") {
		t.Error("a group that goes on from the page before doesn't say so")
	}
	links := regexp.MustCompile(`href="(rows-\d+\.html)#(AR-\d+)"`).FindAllStringSubmatch(string(out[pack.ReportFile].text), -1)
	for _, m := range links {
		if seen[m[2]] != m[1] {
			t.Errorf("%s is said to stand on %s, and stands on %s", m[2], m[1], seen[m[2]])
		}
	}
	if len(links) < rows/10 || out["rows-0004.html"] != nil {
		t.Errorf("%d links", len(links))
	}
	if v := verified(t, on(out), trust(t)); !v.Whole() {
		t.Errorf("%v", v.Broken)
	}
}

// hostile are texts that mean harm where they land.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, `</td></tr></table><h1>Approved</h1>`, `{{.C.ID}}`, `javascript:alert(1)`,
		`=HYPERLINK("http://x","y")`, `+1+1`, `-2+3`, `@SUM(A1)`, "\t=1+1", "\r=1", "\n=1", "x;=1+1", "x; =1+1", "a\t=cmd|' /C calc'!A0", "＝1+1",
		"\u202eevil\u202c", "a\u2066b\u2069", "zero\u200bwidth", "\x00\x07", "\xff\xfe", "line\u2028break", "<!--", "]]>", strings.Repeat("W", 40_000), strings.Repeat("🗝", 20_000),
	}
}

// filled is a review whose every text of people's is one.
func filled(t testing.TB, text string) pack.Campaign {
	c := review(t)
	rows := rowsOf(t, c)
	if len(text) > 1000 { // one such text in each place is enough
		rows[0].Answers[0].Reason, rows[0].Shown = text, text
		c.Rows = all(rows)
		return c
	}
	c.Name, c.Scope.Text, c.Groups[0].Name, c.Groups[0].Opens, c.Reviewers[0].Name, c.Exceptions[0].Reason, c.Asked = text, text, text, text, text, text, text
	c.Scope.Exclusions[0].What, c.Policy.Reviewers, c.Issue = text, text, pack.Link{Key: text, URL: text}
	for i := range rows {
		r := &rows[i]
		r.Person.Name, r.Person.Title, r.Person.Login, r.Access.How, r.Shown, r.Recommended.Reason, r.Outcome.Words = pack.Is(text), pack.Is(text), text, text, text, text, text
		r.Access.Link = pack.Link{Key: text, URL: text}
		for j := range r.Answers {
			r.Answers[j].Reason, r.Answers[j].By.Name = text, text
		}
		if r.Removal != nil {
			r.Removal.Cause, r.Removal.Issue = text, pack.Link{Key: "IT-1", URL: text}
		}
	}
	c.Rows = all(rows)
	return c
}

// harmless checks that texts mean nothing where they land.
func harmless(t *testing.T, out kept, plain page) {
	t.Helper()
	p := parsedPage(t, out[pack.ReportFile].text)
	for _, f := range p.faults() {
		if !strings.Contains(f, "without words") && !strings.Contains(f, "empty heading") && !strings.Contains(f, "says not of what") { // the text may be empty
			t.Error(f)
		}
	}
	if got, want := len(p.all("tr", "h1", "h2", "h3", "td", "section")), len(plain.all("tr", "h1", "h2", "h3", "td", "section")); got != want {
		t.Errorf("the page has %d parts and not %d", got, want)
	}
	for _, name := range []string{pack.DecisionsFile, pack.PopulationFile, pack.RemovalsFile} {
		sheet(t, name, string(out[name].text))
	}
	if err := pack.ValidJSON(t, out[pack.JSONFile].text); err != nil {
		t.Error(err)
	}
}

func TestHostileTexts(t *testing.T) {
	plain := parsedPage(t, written(t, filled(t, "plain"))[pack.ReportFile].text)
	for _, text := range hostile() {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) { harmless(t, written(t, filled(t, text)), plain) })
	}
}

func FuzzTexts(f *testing.F) {
	for _, text := range hostile() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	plain := parsedPage(f, written(f, filled(f, "plain"))[pack.ReportFile].text)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 10_000 {
			harmless(t, written(t, filled(t, text)), plain)
		}
	})
}
