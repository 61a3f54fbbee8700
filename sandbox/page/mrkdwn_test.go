package page_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/page"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// drawn is what becomes of one line of markup.
func drawn(c page.Client, text string) string {
	said := string(c.Message(world.Message{BotID: "B1", Blocks: []kit.Object{{"type": "context", "elements": []any{kit.Object{"type": "mrkdwn", "text": text}}}}}))
	_, inner, _ := strings.Cut(said, `<div class="block context"><span>`)
	inner, _, _ = strings.Cut(inner, "</span></div></div></div></article>")
	return inner
}

func TestMrkdwn(t *testing.T) {
	const blank = ` target="_blank" rel="noopener noreferrer"`
	for text, want := range map[string]string{
		"*bold* _lean_ ~gone~ `code`":                     `<strong>bold</strong> <em>lean</em> <s>gone</s> <code>code</code>`,
		"*bold _and lean_*":                               `<strong>bold <em>and lean</em></strong>`,
		"(*in brackets*), *at the end*":                   `(<strong>in brackets</strong>), <strong>at the end</strong>`,
		"2*3*4 snake_case_name a~b~c":                     `2*3*4 snake_case_name a~b~c`,
		"* not * bold* _ nor_ lean":                       `* not * bold* _ nor_ lean`,
		"*open":                                           `*open`,
		"** __ ~~ ``":                                     "** __ ~~ ``",
		"`*not bold*`":                                    `<code>*not bold*</code>`,
		"`<https://a.example|a>`":                         `<code>a</code>`,
		"*<https://a.example/?x=*|b*>*":                   `<strong><a href="https://a.example/?x=*"` + blank + `>b*</a></strong>`,
		"a\nb\n\nc":                                       `a<br/>b<span class="gap"></span>c`,
		"&gt; said\n&gt; twice\nthen":                     `<blockquote>said<br/>twice</blockquote>then`,
		"> said\nthen":                                    `<blockquote>said</blockquote>then`,
		"&gt;&gt;&gt; all\nof\n\nit":                      `<blockquote>all<br/>of<span class="gap"></span>it</blockquote>`,
		"see ```\na &lt; *b*\n``` there":                  `see <pre>a &lt; *b*</pre> there`,
		"``` not closed":                                  "``` not closed",
		"&lt;b&gt; &amp;lt; &amp;amp;":                    `&lt;b&gt; &amp;lt; &amp;amp;`,
		"<b>bold</b> <script>":                            `&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;`,
		"<https://a.example/?x=1&amp;y=2|here &amp; now>": `<a href="https://a.example/?x=1&amp;y=2"` + blank + `>here &amp; now</a>`,
		"<mailto:maya@acme.example>":                      `<a href="mailto:maya@acme.example"` + blank + `>maya@acme.example</a>`,
		"<javascript:alert(1)|click>":                     `&lt;javascript:alert(1)|click&gt;`,
		"see https://a.example/x, now":                    `see <a href="https://a.example/x"` + blank + `>https://a.example/x</a>, now`,
		"<@U1> <@U9> <@U9|gus> <#C1> <#C9>":               `<span class="mention">@Maya Lind</span> <span class="mention">@U9</span> <span class="mention">@gus</span> <span class="mention">#it-access</span> <span class="mention">#C9</span>`,
		"<!subteam^S1> <!subteam^S9|@ops> <!here>":        `<span class="mention">@it</span> <span class="mention">@ops</span> <span class="mention loud">@here</span>`,
		"<!odd^1|something> <!odd>":                       `something &lt;!odd&gt;`,
		":warning: :no_such: 10:30:00 :key":               `<span class="emoji" role="img" aria-label="warning emoji">⚠️</span> :no_such: 10:30:00 :key`,
		"Grüße, 障害 *障害*":                                  `Grüße, 障害 <strong>障害</strong>`,
		"bad \x00 \xff \u202e":                            "bad \ufffd \ufffd \u202e",
	} {
		if got := drawn(reader(t), text); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
		wellFormed(t, drawn(reader(t), text))
	}
}

// Dates are those of the reader's zone, near ones by their name.
func TestDates(t *testing.T) {
	at := func(when time.Time, format, more string) string {
		return "<!date^" + kitNumber(when.Unix()) + "^" + format + more + "|instead>"
	}
	morning := time.Date(2026, 11, 23, 8, 5, 9, 0, time.UTC)
	for text, want := range map[string]string{
		at(morning, "{date_num} {time_secs}", ""):                            "2026-11-23 9:05:09 AM",
		at(morning, "{date_short_pretty} at {time}", ""):                     "Today at 9:05 AM",
		at(morning, "asked {date_pretty}", ""):                               "asked today",
		at(morning, "\u200b{date_short_pretty} at {time}", ""):               "\u200btoday at 9:05 AM", // no longer the first
		at(morning.AddDate(0, 0, 1), "{date_long_pretty}", ""):               "Tomorrow",
		at(morning.Add(-10*time.Hour), "{date_pretty} at {time}", ""):        "Yesterday at 11:05 PM",
		at(morning.Add(15*time.Hour), "{date_short_pretty}", ""):             "Tomorrow", // in Berlin
		at(morning.AddDate(0, 0, 8), "{date}", ""):                           "December 1st",
		at(morning.AddDate(0, 0, 9), "{date_long}", ""):                      "Wednesday, December 2nd",
		at(morning.AddDate(1, 0, 0), "{date_short}", ""):                     "Nov 23, 2027",
		at(morning.AddDate(1, 0, -1), "{day_divider_pretty}", ""):            "Monday, November 22nd, 2027",
		at(morning, "{date_long_full} {date_slash}", ""):                     "November 23, 2026 23/11/2026",
		at(morning.Add(-3*time.Hour), "{ago}", ""):                           "5 hours ago",
		at(morning.Add(4*time.Hour), "{ago}", ""):                            "in 1 hour",
		at(morning, "{no_such} {", ""):                                       "{no_such} {",
		at(morning, "{date_num}", "^https://a.example"):                      "2026-11-23",
		"<!date^soon^{date}|instead>":                                        "instead",
		"<!date^99999999999999^{date}|instead &amp; so>":                     "instead & so",
		"<!date^1795428000|instead>":                                         "instead",
		at(time.Date(2026, 11, 11, 9, 0, 0, 0, time.UTC), "{date}", ""):      "November 11th",
		at(time.Date(2027, 3, 3, 9, 0, 0, 0, time.UTC), "{date} {time}", ""): "March 3rd 10:00 AM",
	} {
		if got := words(t, drawn(reader(t), text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
