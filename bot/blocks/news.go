package blocks

import (
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
)

// MaxNews is how long the news of a message may be. A phone shows nothing else of it, and
// cuts what is longer.
const MaxNews = 120

// News is a sentence that fits where news is shown. If it would be too long, the longest of
// the words in it are cut, as little as does, so that none of them is lost.
func News(sentence string, words ...string) string {
	for most := MaxNews; ; most-- {
		cut := make([]string, len(words))
		for i, w := range words {
			cut[i] = catalog.Isolated(Clip(OneLine(w), most))
		}
		said := Filled(sentence, cut...)
		if most == 1 || Units(plainNews(said)) <= MaxNews {
			return said
		}
	}
}

// Filled is a sentence with words in the places that are kept for them.
func Filled(sentence string, words ...string) string {
	all := make([]any, len(words))
	for i, w := range words {
		all[i] = w
	}
	return fmt.Sprintf(sentence, all...)
}

// newsless are the characters that Slack may read as formatting: an alert shows them as
// they are.
func newsless() *strings.Replacer {
	return strings.NewReplacer("*", "", "`", "", "~", "", "_", " ", "<", "‹", ">", "›")
}

// plainNews is news as an alert reads it: in one line, without formatting.
func plainNews(said string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(newsless().Replace(Clean(said)), "&", "&amp;")), " ")
}

// newsText is plainNews, cut where it is too long after all.
func newsText(said string) string {
	text := plainNews(said)
	if Units(text) > MaxNews {
		text = Escape(newsless().Replace(said), MaxNews)
	}
	return Or(text, "–")
}

// InZone is a text in which moments are said in a zone, for where Slack shows none in the reader's own.
func InZone(text, zone string) string {
	return access.EachMoment(text, func(t time.Time) string { return Moment(t, zone) })
}

// Moment is a time in a zone, for where Slack shows none in the reader's own.
func Moment(t time.Time, zone string) string {
	return t.In(clock.Zone(zone)).Format("2 Jan 2006 at 15:04 MST")
}

// MomentDay is the day of a time in a zone, for where Slack shows none in the reader's own.
func MomentDay(t time.Time, zone string) string { return t.In(clock.Zone(zone)).Format("2 Jan 2006") }
