package catalog

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Opening is how somebody who got in begins.
type Opening struct {
	URL string // where the app is opened
	How string // the first steps, in a few words
}

// Or is the opening, with what it leaves out taken from another one.
func (o Opening) Or(other Opening) Opening {
	if o.URL == "" {
		o.URL = other.URL
	}
	if o.How == "" {
		o.How = other.How
	}
	return o
}

// What of an opening fits where people read it: an address that is linked, two lines on a phone with the ticket.
const (
	maxAddress = 300
	maxHow     = 80
)

// badURL says what is wrong with the address; "" if nothing is.
func (o Opening) badURL() string {
	if o.URL == "" || webAddress(o.URL) {
		return ""
	}
	return fmt.Sprintf("this address can't be opened safely: write one that begins with https://, of %d characters at most, without a password in it", maxAddress)
}

// badHow says what is wrong with the first steps; "" if nothing is.
func (o Opening) badHow() string {
	n := utf8.RuneCountInString(o.How)
	if n <= maxHow {
		return ""
	}
	return fmt.Sprintf("the first steps take %d characters: say them in %d, so that they stand in two lines on a phone", n, maxHow)
}

// webAddress tells whether an address leads to the web, encrypted and to one place.
func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && len(text) <= maxAddress &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '<' || r == '>' || r == '|' || r == '"' || r > '~' })
}

// IconKind is how an icon is shown.
type IconKind int

// The kinds of icons.
const (
	NoIcon    IconKind = iota
	EmojiIcon          // the name of an emoji, with its colons
	ImageIcon          // the address of an image that everybody can load
	FileIcon           // the id of an image that was uploaded to Slack
)

var (
	emojiIcon = regexp.MustCompile(`^:[a-z0-9_+'-]{1,98}:$`)
	fileIcon  = regexp.MustCompile(`^F[A-Z0-9]{6,20}$`)
)

// Icon is the icon of an app, as it is configured.
type Icon string

// Kind tells what kind of icon it is.
func (i Icon) Kind() IconKind {
	switch {
	case emojiIcon.MatchString(string(i)):
		return EmojiIcon
	case fileIcon.MatchString(string(i)):
		return FileIcon
	case publicImage(string(i)):
		return ImageIcon
	}
	return NoIcon
}

// bad says what is wrong with the icon; "" if nothing is.
func (i Icon) bad() string {
	if i == "" || i.Kind() != NoIcon {
		return ""
	}
	return fmt.Sprintf("Slack couldn't show %q: write an emoji as in :art:, the https address of a png, jpg or gif that everybody can load, or the id of a file in Slack as in F0123456789", string(i))
}

// publicImage tells whether Slack could load an image: it does so from outside, and shows no svg.
func publicImage(text string) bool {
	if !webAddress(text) {
		return false
	}
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	host, path := strings.ToLower(u.Hostname()), strings.ToLower(u.Path)
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return false
	}
	private := slices.ContainsFunc([]string{".local", ".internal", ".lan", ".home", ".corp", ".intranet", ".localhost"}, func(end string) bool { return strings.HasSuffix(host, end) })
	return !private && slices.ContainsFunc([]string{".png", ".jpg", ".jpeg", ".gif"}, func(end string) bool { return strings.HasSuffix(path, end) })
}
