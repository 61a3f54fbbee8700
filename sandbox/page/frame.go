package page

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// draw makes a piece of a page.
func (c Client) draw(fill func(*drawing)) HTML {
	d := &drawing{Client: c}
	fill(d)
	return d.html()
}

// Message draws a message: who wrote it and when, and what it says.
func (c Client) Message(m world.Message) HTML {
	return c.draw(func(d *drawing) {
		d.state = m.State
		author := c.author(m)
		d.in("article", "message", func() {
			d.say("div", "avatar", initial(author), "aria-hidden", "true")
			d.in("div", "said", func() {
				if m.Ephemeral {
					d.say("div", "only", "Only visible to you")
				}
				d.byline(m, author)
				d.in("div", "blocks", func() { d.content(m) })
			})
		}, "aria-label", "Message from "+author)
	})
}

func (c Client) author(m world.Message) string {
	if m.BotID != "" {
		return c.app()
	}
	return cmp.Or(c.Names.Users[m.User], m.User)
}

func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.ToUpper(name))
	return string(r)
}

func (d *drawing) byline(m world.Message, author string) {
	d.in("div", "byline", func() {
		d.say("strong", "", author)
		if m.BotID != "" {
			d.say("span", "app", "APP")
		}
		seconds, _, _ := strings.Cut(m.TS, ".")
		if unix, err := strconv.ParseInt(seconds, 10, 64); err == nil && plausible(unix) {
			d.say("time", "", d.date(unix, "{time}", d.zone()), "datetime", time.Unix(unix, 0).UTC().Format(time.RFC3339))
		}
	})
}

// content draws the blocks of a message, or its text where it has none, and what is attached.
func (d *drawing) content(m world.Message) {
	d.blocks(m.Blocks)
	if len(m.Blocks) == 0 && m.Text != "" {
		d.in("div", "block", func() { d.mrkdwn(m.Text, false) })
	}
	for _, a := range m.Attachments {
		d.attachment(a)
	}
	for _, f := range m.Files {
		d.placeholder("file", f)
	}
}

func (d *drawing) attachment(a kit.Object) {
	if pretext := kit.Str(a, "pretext"); pretext != "" {
		d.in("div", "block", func() { d.mrkdwn(pretext, false) })
	}
	d.in("div", "block attachment", func() {
		if title := kit.Str(a, "title"); title != "" {
			d.in("strong", "", func() { d.link(kit.Str(a, "title_link"), func() { d.text(title) }) })
			d.void("br", "")
		}
		d.mrkdwn(kit.Str(a, "text"), false)
		for _, f := range kit.Objects(a["fields"]) {
			d.in("div", "", func() { d.say("strong", "", kit.Str(f, "title")); d.text(" "); d.mrkdwn(kit.Str(f, "value"), false) })
		}
		d.blocks(kit.Objects(a["blocks"]))
		if footer := kit.Str(a, "footer"); footer != "" {
			d.in("div", "context", func() { d.withEmoji(entities(footer)) })
		}
	})
}

// Block is a block of a view, drawn by itself.
type Block struct {
	ID string // of the block, as Slack has it
	HTML
}

// Blocks draws what is in a view piece by piece, so that a page can draw one anew and leave the others as they are.
func (c Client) Blocks(v world.View) (drawn []Block) {
	for _, b := range v.Blocks {
		drawn = append(drawn, Block{kit.Str(b, "block_id"), c.draw(func(d *drawing) {
			d.state, d.errors = v.State, v.Errors
			d.block(b)
		})})
	}
	return drawn
}

// Modal draws a modal with its title, its buttons and what was entered.
func (c Client) Modal(v world.View) HTML {
	return c.draw(func(d *drawing) {
		d.state, d.errors = v.State, v.Errors
		d.in("section", "modal", func() {
			d.in("h2", "title", func() { d.withEmoji(v.Title) })
			d.say("button", "cross", "✕", "type", "button", "aria-label", "Close the dialog")
			d.in("div", "blocks", func() { d.blocks(v.Blocks) })
			d.say("button", "button close", cmp.Or(v.CloseLabel, "Close"), "type", "button")
			if v.SubmitLabel != "" {
				d.say("button", "button primary submit", v.SubmitLabel, "type", "button")
			}
		}, "role", "dialog", "aria-label", v.Title)
	})
}

// Home draws a Home tab under the app's name.
func (c Client) Home(v world.View) HTML {
	return c.draw(func(d *drawing) {
		d.state = v.State
		d.in("section", "home", func() {
			d.in("header", "", func() {
				d.say("div", "avatar", initial(c.app()), "aria-hidden", "true")
				d.say("h2", "", c.app())
				d.in("nav", "", func() {
					d.say("span", "here", "Home", "aria-current", "page")
					d.say("span", "", "Messages")
					d.say("span", "", "About")
				}, "aria-label", "Tabs")
			})
			d.in("div", "blocks", func() { d.blocks(v.Blocks) })
		}, "aria-label", "Home tab of "+c.app())
	})
}
