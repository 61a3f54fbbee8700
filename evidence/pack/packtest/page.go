package packtest

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Page is a page as a browser takes it apart.
type Page struct {
	root *html.Node
	text string
}

// ParsedPage is an HTML page.
func ParsedPage(t testing.TB, text []byte) Page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return Page{root, string(text)}
}

// All are the elements of some kinds, in their order; of every kind without any.
func (p Page) All(kinds ...string) []*html.Node { return within(p.root, kinds...) }

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

// Words are the texts below a part of a page.
func Words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// Faults are what keeps somebody from using a page, who can't see it, has no mouse, or
// doesn't see well.
func (p Page) Faults() []string {
	return slices.Concat(p.frame(), p.headings(), p.tables(), p.targets(), p.active(), p.contrast())
}

func (p Page) frame() (out []string) {
	for kind, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "header": 1, "footer": 1} {
		if n := len(p.All(kind)); n != want {
			out = append(out, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if attr(p.All("html")[0], "lang") == "" {
		out = append(out, "no language")
	}
	for _, n := range p.All("nav") {
		if attr(n, "aria-label") == "" {
			out = append(out, "a nav without a name")
		}
	}
	for _, n := range p.All("section") {
		if by := attr(n, "aria-labelledby"); by == "" || !strings.Contains(p.text, `id="`+by+`"`) {
			out = append(out, "a section without a name")
		}
	}
	for _, n := range p.All("div") {
		if attr(n, "tabindex") != "" && (attr(n, "role") != "region" || attr(n, "aria-label") == "") {
			out = append(out, "something is reached by the keyboard and has no name")
		}
	}
	return out
}

func (p Page) headings() (out []string) {
	level := 0
	for _, n := range p.All("h1", "h2", "h3", "h4", "h5", "h6") {
		now := int(n.Data[1] - '0')
		if now > level+1 {
			out = append(out, fmt.Sprintf("the heading %q skips a level", Words(n)))
		}
		if Words(n) == "" {
			out = append(out, "an empty heading")
		}
		level = now
	}
	return out
}

func (p Page) tables() (out []string) {
	for _, t := range p.All("table") {
		if c := within(t, "caption"); len(c) != 1 || Words(c[0]) == "" {
			out = append(out, "a table without a caption")
		}
		columns := len(within(within(t, "thead")[0], "th"))
		for _, th := range within(t, "th") {
			if s := attr(th, "scope"); s != "col" && s != "row" || Words(th) == "" {
				out = append(out, fmt.Sprintf("the header %q says not of what", Words(th)))
			}
		}
		for _, tr := range within(within(t, "tbody")[0], "tr") {
			if len(within(tr, "th")) != 1 || len(within(tr, "th", "td")) != columns {
				out = append(out, fmt.Sprintf("the row %q has no header, or not as many cells as there are columns", Words(tr)))
			}
		}
	}
	return out
}

func (p Page) targets() (out []string) {
	ids := map[string]bool{}
	for _, n := range p.All() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				out = append(out, "the id "+id+" is there twice")
			}
			ids[id] = true
		}
	}
	for _, a := range p.All("a") {
		to := attr(a, "href")
		if at, ok := strings.CutPrefix(to, "#"); ok && !ids[at] {
			out = append(out, "a link leads nowhere: "+to)
		}
		if Words(a) == "" || to == "" {
			out = append(out, "a link without words or without an end")
		}
	}
	return out
}

// active is whatever runs, loads or sends something.
func (p Page) active() (out []string) {
	for _, n := range p.All() {
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
	if strings.Contains(Words(p.All("style")[0]), "url(") || strings.Contains(Words(p.All("style")[0]), "@import") {
		out = append(out, "the style loads something")
	}
	return out
}

// contrast holds every colour of text against every colour of a background (WCAG 2.2, 1.4.3).
func (p Page) contrast() (out []string) {
	style := Words(p.All("style")[0])
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
