package site

import (
	"strings"

	"latchkey/sandbox/page"
)

// banner is what somebody's phone or desktop shows when a message comes.
type banner struct {
	Whose string `json:"whose"` // the person's name
	App   string `json:"app"`
	Text  string `json:"text"`
	Href  string `json:"href"` // where the message is
}

// banners are those of messages that came after one, but for what is before the reader's eyes already.
func (s *Site) banners(v look, after uint64) (out []banner, last uint64) {
	posts, last := s.since(after)
	for _, p := range posts {
		if p.User == v.As.ID && v.In == "" {
			continue
		}
		for _, u := range v.people {
			if u.ID == p.User {
				out = append(out, banner{Whose: called(u), App: s.App, Text: short(page.Plain(p.Text, v.client.Names)), Href: v.as(u)})
			}
		}
	}
	return out, last
}

// bannerLength is how many characters of a message a phone shows.
const bannerLength = 140

func short(text string) string { return clip(text, bannerLength) }

// clip is as much of a text as there is room for, on one line.
func clip(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
