package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
)

//go:embed page.css
var style string

//go:embed page.js
var script string

// Style is how everything is drawn, for whoever serves pages of their own.
func Style() string { return style }

// Document is a whole page. The browser is told to load nothing and to run nothing but what
// is in it.
func Document(title string, pieces ...HTML) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	b.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	fmt.Fprintf(&b, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src '%s'; script-src '%s'\">\n", digest(style), digest(script))
	fmt.Fprintf(&b, "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", escape(title), style)
	for _, piece := range pieces {
		b.WriteString(string(piece) + "\n")
	}
	fmt.Fprintf(&b, "</main>\n<script>%s</script>\n</body>\n</html>\n", script)
	return b.String()
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
