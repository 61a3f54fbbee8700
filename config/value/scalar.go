package value

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// scalar gives a single value with its references replaced. It reports lists,
// mappings, empty values and references to nothing.
func (v Node) scalar() (expansion, bool) {
	n := v.target()
	switch {
	case null(n):
		v.Fault("%s is empty: write a value, or leave the key out (a value that starts with # needs quotes)", v.path)
		return expansion{}, false
	case n.Kind != yaml.ScalarNode:
		v.Fault("%s has to be a single value, but is %s%s", v.path, kindOf(n), oneValue(n))
		return expansion{}, false
	case tagged(n):
		v.Fault("%s begins with %s, which YAML takes for a type and not for a part of the value: put all of it in quotes, as in '%s …'", v.path, n.Tag, n.Tag)
		return expansion{}, false
	}
	e := v.doc.refs.expand(n.Value)
	for _, problem := range e.malformed {
		v.Fault("%s", problem)
	}
	if len(e.malformed) > 0 {
		return e, false
	}
	problem := v.doc.unreadable(e.text)
	if problem == "" && (e.outside || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0) && curlyQuoted(e.text) {
		problem = "has curly quotes around it, which become part of it: write straight ones (\" \"), or none"
	}
	if problem != "" {
		v.Fault("%s %s", v.path, problem)
	}
	return e, problem == ""
}

// curlyQuoted tells whether a text stands in quotes that a chat or a word processor
// made of straight ones.
func curlyQuoted(text string) bool {
	text = strings.TrimSpace(text)
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return len(text) > utf8.RuneLen('“') && strings.ContainsRune("“”„‟«»‘’‚", first) && strings.ContainsRune("“”«»‘’", last)
}

// spaced has ordinary spaces only: what pages and chats put in their place looks alike.
func spaced(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text)
}

// oneValue says how one value is written. It knows "okta: figma", which YAML takes for a mapping.
func oneValue(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 &&
		n.Content[0].Kind == yaml.ScalarNode && n.Content[1].Kind == yaml.ScalarNode && n.Content[1].Value != "" {
		return fmt.Sprintf(": write %s:%s without the space, or in quotes", n.Content[0].Value, n.Content[1].Value)
	}
	if n.Kind == yaml.SequenceNode {
		return ": write one, without [ ]"
	}
	return ": write one; a text with { } around it needs quotes"
}

// tagged tells whether YAML takes the beginning of a value for the name of a type: "when: !permanent" would be an
// empty text, and what stands behind it the whole condition.
func tagged(n *yaml.Node) bool {
	return strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!")
}

// Text gives a present value that has to be text.
func (v Node) Text() (string, bool) {
	e, ok := v.scalar()
	if !ok {
		return "", false
	}
	there := e.there(v)
	if kind := kindOf(v.target()); kind != "text" && !e.outside {
		v.Fault("%s has to be text, but %s is %s: put it in quotes", v.path, v.target().Value, kind)
		return "", false
	}
	return strings.TrimSpace(spaced(e.text)), there
}

// TextOr gives the text, or fallback when the key is absent.
func (v Node) TextOr(fallback string) string {
	if !v.Present() {
		return fallback
	}
	text, _ := v.Text()
	return text
}

// Needed gives text that must be there; remedy says what to write.
func (v Node) Needed(remedy string) (string, bool) {
	if !v.Present() {
		v.Fault("%s is missing: %s", v.path, remedy)
		return "", false
	}
	text, ok := v.Text()
	if ok && text == "" {
		v.Fault("%s is empty: %s", v.path, remedy)
	}
	return text, ok && text != ""
}

// Known says which words can stand here, for whoever describes the file; somebody else looks whether one does.
func (v Node) Known(words ...string) Node {
	v.doc.used(Use{Path: v.path, Words: words})
	return v
}

// OneOf gives one of the known words, or fallback when the key is absent.
func (v Node) OneOf(fallback string, known ...string) string {
	v.doc.used(Use{Path: v.path, Words: known})
	if !v.Present() {
		return fallback
	}
	text, ok := v.Text()
	if ok && !slices.Contains(known, text) {
		v.Fault("%s can't be %q: %s", v.path, text, v.DidYouMean(text, known))
	}
	return text
}

// List gives the elements of a list; an absent list has none.
func (v Node) List() []Node {
	if !v.Present() {
		return nil
	}
	n := v.target()
	if n.Kind != yaml.SequenceNode {
		v.Fault("%s has to be a list, but is %s: %s", v.path, kindOf(n), asList(n))
		return nil
	}
	return elements(v, n)
}

// asList says how a list is written of what isn't one.
func asList(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, "-") {
		return "write a space after each -"
	}
	if n.Kind == yaml.ScalarNode && n.Value != "" && !strings.Contains(n.Value, "${") {
		return fmt.Sprintf("put it in [ ], as in [%s], or write [] for none", n.Value)
	}
	return "put it in [ ], or write [] for none"
}

func elements(v Node, n *yaml.Node) []Node {
	out := make([]Node, len(n.Content))
	for i, item := range n.Content {
		out[i] = Node{doc: v.doc, path: fmt.Sprintf("%s[%d]", v.path, i), node: item}
		v.doc.at[out[i].path] = position{item.Line, item.Column}
	}
	return out
}

// Texts gives a list of texts.
func (v Node) Texts() []string {
	var out []string
	for _, item := range v.List() {
		if text, ok := item.Text(); ok {
			out = append(out, text)
		}
	}
	return out
}

// Bool gives true or false; false when absent.
func (v Node) Bool() bool {
	if !v.Present() {
		return false
	}
	if null(v.target()) {
		v.Fault("%s is empty: write true or false", v.path)
		return false
	}
	e, ok := v.scalar()
	if !ok || !e.there(v) {
		return false
	}
	if e.text != "true" && e.text != "false" || kindOf(v.target()) == "text" && !e.outside {
		v.Fault("%s can't be %q: write true or false, without quotes", v.path, e.text)
	}
	return e.text == "true"
}

// Number gives a whole number between low and high, or fallback when absent.
func (v Node) Number(fallback, low, high int) int {
	if !v.Present() {
		return fallback
	}
	text, ok := v.Plain()
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		v.Fault("%s can't be %q: write a whole number from %d to %d", v.path, text, low, high)
		return fallback
	}
	return n
}

// there reports what a value refers to that isn't there, and tells whether all of it is.
func (e expansion) there(v Node) bool {
	for _, problem := range e.missing {
		v.Fault("%s, and %s needs it: set it before Latchkey starts", problem, v.path)
	}
	return len(e.missing) == 0
}

// Plain gives a present value as it is written, whatever YAML takes it for.
func (v Node) Plain() (string, bool) {
	e, ok := v.scalar()
	if !ok || !e.there(v) {
		return "", false
	}
	return e.text, true
}

// URL gives the address of a service, without a slash at its end.
func (v Node) URL(example string) string {
	text, ok := v.Needed("write for example " + example)
	if !ok {
		return ""
	}
	if problem := urlProblem(text); problem != "" {
		v.Fault("%s can't be %q: %s, for example %s", v.path, ShownURL(text), problem, example)
	}
	return strings.TrimRight(text, "/")
}

// ShownURL is an address as a sentence may repeat it: without who signs in by it, and what stands behind its ? or #. It needn't be
// one that can be read.
func ShownURL(text string) string {
	text = signsIn.ReplaceAllString(text, "${1}…@")
	return asks.ReplaceAllString(text, "${1}…")
}

var (
	signsIn = regexp.MustCompile(`^(\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:/*)?)[^/?#]*@`)
	asks    = regexp.MustCompile(`(?s)([?#]).+`)
)

// urlProblem says why an address can't be used for calls that carry a token.
// Plain http is for emulators on this machine only.
func urlProblem(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "write a whole address"
	case u.User != nil:
		return "leave the user and password out; they have keys of their own"
	case u.RawQuery != "" || u.Fragment != "":
		return "leave out everything from ? or # on"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "tokens would travel in the clear over http; write https"
	case u.Scheme != "http" && u.Scheme != "https":
		return "start it with https://"
	}
	return ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Address gives a host:port to listen on, or "" when absent.
func (v Node) Address() string {
	if !v.Present() {
		return ""
	}
	text, ok := v.Text()
	if !ok {
		return ""
	}
	_, port, err := net.SplitHostPort(text)
	if n, notNumber := strconv.Atoi(port); err != nil || notNumber != nil || n < 0 || n > 65535 {
		v.Fault("%s can't be %q: write host:port, for example 127.0.0.1:9090", v.path, text)
	}
	return text
}

// Secret gives a token or key, which the log will not show. One that is referred to but not there is noted
// as missing, with the remedy, and is no fault.
func (v Node) Secret(remedy string) Secret {
	e, ok := v.scalar()
	if !ok {
		return Secret{}
	}
	for _, problem := range e.missing {
		v.doc.missing = append(v.doc.missing, v.doc.locate(v.path, problem+": "+remedy))
	}
	if len(e.missing) > 0 {
		return Secret{}
	}
	return v.doc.fresh(v.target().Value, v.doc.secrets.Keep(e.text))
}

// SecretIfThere gives a secret that may be missing; then it tells what is not there, in a
// few words.
func (v Node) SecretIfThere() (s Secret, missing string) {
	e, ok := v.scalar()
	switch {
	case !ok:
		return Secret{}, ""
	case len(e.missing) > 0:
		return Secret{}, strings.Join(e.missing, ", ")
	}
	return v.doc.secrets.Keep(e.text), ""
}

// Token gives a secret that travels in an HTTP header and so has no spaces.
//
// In the place of one that is not there stands a word that no service takes, so that
// what doesn't need this service can go on without it. If it is to come from a file,
// it is taken from there as soon as it is there: see Secret.Current.
func (v Node) Token(remedy string) Secret {
	missing := len(v.doc.missing)
	s := v.Secret(remedy)
	if len(v.doc.missing) > missing {
		return v.doc.fresh(v.target().Value, NewSecret(noToken))
	}
	if strings.ContainsFunc(s.Reveal(), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		v.Fault("%s has a space or line break in it: copy the token again, alone", v.path)
	}
	return s
}

// NeededToken is a token that must be referred to.
func (v Node) NeededToken(example, remedy string) Secret {
	if !v.Present() {
		v.Fault("%s is missing: write %s", v.path, example)
		return Secret{}
	}
	return v.Token(remedy)
}
