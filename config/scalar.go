package config

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"latchkey/catalog"

	"go.yaml.in/yaml/v4"
)

// scalar gives a single value with its references replaced. It reports lists,
// mappings, empty values and references to nothing.
func (v configValue) scalar() (expansion, bool) {
	n := v.target()
	switch {
	case v.null():
		v.fault("%s is empty: write a value, or leave the key out (a value that starts with # needs quotes)", v.path)
		return expansion{}, false
	case n.Kind != yaml.ScalarNode:
		v.fault("%s has to be a single value, but is %s%s", v.path, v.kind(), spaceSlip(n))
		return expansion{}, false
	}
	e := v.decoder.refs.expand(n.Value)
	for _, problem := range e.malformed {
		v.fault("%s", problem)
	}
	return e, len(e.malformed) == 0
}

// spaceSlip explains "okta: figma", which YAML takes for a mapping.
func spaceSlip(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 &&
		n.Content[0].Kind == yaml.ScalarNode && n.Content[1].Kind == yaml.ScalarNode {
		return fmt.Sprintf(": write %s:%s without the space, or in quotes", n.Content[0].Value, n.Content[1].Value)
	}
	return ""
}

// text gives a present value that has to be text.
func (v configValue) text() (string, bool) {
	e, ok := v.scalar()
	if !ok {
		return "", false
	}
	for _, problem := range e.missing {
		v.fault("%s, and %s needs it: set it before Latchkey starts", problem, v.path)
	}
	if kind := v.kind(); kind != "text" && !e.outside {
		v.fault("%s has to be text, but %s is %s: put it in quotes", v.path, v.target().Value, kind)
		return "", false
	}
	return strings.TrimSpace(e.text), len(e.missing) == 0
}

// textOr gives the text, or fallback when the key is absent.
func (v configValue) textOr(fallback string) string {
	if !v.present() {
		return fallback
	}
	text, _ := v.text()
	return text
}

// needed gives text that must be there; remedy says what to write.
func (v configValue) needed(remedy string) (string, bool) {
	if !v.present() {
		v.fault("%s is missing: %s", v.path, remedy)
		return "", false
	}
	text, ok := v.text()
	if ok && text == "" {
		v.fault("%s is empty: %s", v.path, remedy)
	}
	return text, ok && text != ""
}

// oneOf gives one of the known words, or fallback when the key is absent.
func (v configValue) oneOf(fallback string, known ...string) string {
	if !v.present() {
		return fallback
	}
	text, ok := v.text()
	if ok && !slices.Contains(known, text) {
		v.fault("%s can't be %q: %s", v.path, text, didYouMean(text, known))
	}
	return text
}

// list gives the elements of a list; an absent list has none.
func (v configValue) list() []configValue {
	if !v.present() {
		return nil
	}
	n := v.target()
	if n.Kind != yaml.SequenceNode {
		v.fault("%s has to be a list, but is %s: put it in [ ], or write [] for none", v.path, v.kind())
		return nil
	}
	return v.elements(n)
}

func (v configValue) elements(n *yaml.Node) []configValue {
	out := make([]configValue, len(n.Content))
	for i, item := range n.Content {
		out[i] = configValue{v.decoder, fmt.Sprintf("%s[%d]", v.path, i), item}
		v.decoder.at[out[i].path] = configPosition{item.Line, item.Column}
	}
	return out
}

// texts gives a list of texts.
func (v configValue) texts() []string {
	var out []string
	for _, item := range v.list() {
		if text, ok := item.text(); ok {
			out = append(out, text)
		}
	}
	return out
}

// boolean gives true or false; false when absent.
func (v configValue) boolean() bool {
	if !v.present() {
		return false
	}
	e, ok := v.scalar()
	if !ok || !v.outsideIsThere(e) {
		return false
	}
	if e.text != "true" && e.text != "false" || v.kind() == "text" && !e.outside {
		v.fault("%s can't be %q: write true or false, without quotes", v.path, e.text)
	}
	return e.text == "true"
}

// number gives a whole number between low and high, or fallback when absent.
func (v configValue) number(fallback, low, high int) int {
	if !v.present() {
		return fallback
	}
	e, ok := v.scalar()
	if !ok || !v.outsideIsThere(e) {
		return fallback
	}
	n, err := strconv.Atoi(e.text)
	if err != nil || n < low || n > high {
		v.fault("%s can't be %q: write a whole number from %d to %d", v.path, e.text, low, high)
		return fallback
	}
	return n
}

func (v configValue) outsideIsThere(e expansion) bool {
	for _, problem := range e.missing {
		v.fault("%s, and %s needs it: set it before Latchkey starts", problem, v.path)
	}
	return len(e.missing) == 0
}

// duration gives a length of time; forever is allowed. The bool is false when
// there is none to go on with.
func (v configValue) duration() (time.Duration, bool) {
	if !v.present() {
		return 0, false
	}
	e, ok := v.scalar()
	if !ok || !v.outsideIsThere(e) {
		return 0, false
	}
	d, err := catalog.ParseDuration(e.text)
	if err != nil {
		v.fault("%s: %v", v.path, err)
		return 0, false
	}
	return d, true
}

// period gives a length of time that has an end, or fallback when absent.
func (v configValue) period(fallback time.Duration) time.Duration {
	d, ok := v.duration()
	if ok && d == catalog.Forever {
		v.fault("%s can't be forever: write for example %s", v.path, catalog.ShortDuration(fallback))
	}
	if !ok {
		return fallback
	}
	return d
}

// url gives the address of a service, without a slash at its end.
func (v configValue) url(example string) string {
	text, ok := v.needed("write for example " + example)
	if !ok {
		return ""
	}
	if problem := urlProblem(text); problem != "" {
		v.fault("%s can't be %q: %s, for example %s", v.path, text, problem, example)
	}
	return strings.TrimRight(text, "/")
}

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

// address gives a host:port to listen on, or "" when absent.
func (v configValue) address() string {
	if !v.present() {
		return ""
	}
	text, ok := v.text()
	if !ok {
		return ""
	}
	_, port, err := net.SplitHostPort(text)
	if n, notNumber := strconv.Atoi(port); err != nil || notNumber != nil || n < 0 || n > 65535 {
		v.fault("%s can't be %q: write host:port, for example 127.0.0.1:9090", v.path, text)
	}
	return text
}

// email gives a lower-cased e-mail address.
func (v configValue) email() (string, bool) {
	text, ok := v.text()
	if !ok {
		return "", false
	}
	if !catalog.IsEmail(text) {
		v.fault("%s can't be %q: write an e-mail address", v.path, text)
	}
	return strings.ToLower(text), true
}

func (v configValue) emails() []string {
	var out []string
	for _, item := range v.list() {
		address, _ := item.email() // a faulty one keeps its place, so that paths agree
		out = append(out, address)
	}
	return out
}

// secret gives a token or key. One that is referred to but not there is noted
// as missing, with the remedy, and is no fault.
func (v configValue) secret(remedy string) Secret {
	e, ok := v.scalar()
	if !ok {
		return Secret{}
	}
	for _, problem := range e.missing {
		v.decoder.missing = append(v.decoder.missing, v.decoder.locate(v.path, problem+": "+remedy))
	}
	if len(e.missing) > 0 {
		return Secret{}
	}
	return NewSecret(e.text)
}

// token gives a secret that travels in an HTTP header and so has no spaces.
func (v configValue) token(remedy string) Secret {
	s := v.secret(remedy)
	if strings.ContainsFunc(s.Reveal(), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		v.fault("%s has a space or line break in it: copy the token again, alone", v.path)
	}
	return s
}

// neededToken is a token that must be referred to.
func (v configValue) neededToken(example, remedy string) Secret {
	if !v.present() {
		v.fault("%s is missing: write %s", v.path, example)
		return Secret{}
	}
	return v.token(remedy)
}
