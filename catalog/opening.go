package catalog

import (
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

// Opening is the role's own, where it has one, else the app's.
func (a App) Opening(r Role) Opening {
	o := r.Opens
	if o.URL == "" {
		o.URL = a.Opens.URL
	}
	if o.How == "" {
		o.How = a.Opens.How
	}
	return o
}

// What of an opening fits where people read it: an address that is linked, two lines on a phone with the ticket.
const (
	maxAddress = 300
	maxHow     = 80
)

func (k *checker) opening(path string, o Opening) {
	if o.URL != "" && !webAddress(o.URL) {
		k.add(path+".url", "%q can't be opened safely: write an address that begins with https://, of %d characters at most, without a password in it", o.URL, maxAddress)
	}
	if n := utf8.RuneCountInString(o.How); n > maxHow {
		k.add(path+".how", "the first steps take %d characters: say them in %d, so that they stand in two lines on a phone", n, maxHow)
	}
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

// IconKind tells what kind of icon the app has.
func (a App) IconKind() IconKind {
	switch {
	case emojiIcon.MatchString(a.Icon):
		return EmojiIcon
	case fileIcon.MatchString(a.Icon):
		return FileIcon
	case publicImage(a.Icon):
		return ImageIcon
	}
	return NoIcon
}

func (k *checker) icon(path string, a App) {
	if a.Icon != "" && a.IconKind() == NoIcon {
		k.add(path+".icon", "Slack couldn't show %q: write an emoji as in :art:, the https address of a png, jpg or gif that everybody can load, or the id of a file in Slack as in F0123456789", a.Icon)
	}
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
