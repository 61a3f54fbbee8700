package page

import (
	"cmp"
	"strconv"
	"time"

	"latchkey/sandbox/slack/kit"
)

// richText draws the parts of rich text.
func (d *drawing) richText(elements []kit.Object) {
	for _, e := range elements {
		inner := func() { d.richSpans(kit.Objects(e["elements"])) }
		switch kit.Str(e, "type") {
		case "rich_text_section":
			d.in("div", "rich", inner)
		case "rich_text_quote":
			d.in("blockquote", "", inner)
		case "rich_text_preformatted":
			d.in("pre", "", inner)
		case "rich_text_list":
			d.richList(e)
		default:
			d.unknown(e)
		}
	}
}

func (d *drawing) richList(e kit.Object) {
	tag, indent := "ul", 0
	if kit.Str(e, "style") == "ordered" {
		tag = "ol"
	}
	if n, ok := kit.Number(e["indent"]); ok {
		indent = min(max(int(n), 0), 8)
	}
	start := ""
	if n, ok := kit.Number(e["offset"]); ok && tag == "ol" && n > 0 {
		start = strconv.Itoa(int(n) + 1)
	}
	d.in(tag, "indent"+strconv.Itoa(indent), func() {
		for _, item := range kit.Objects(e["elements"]) {
			d.in("li", "", func() { d.richSpans(kit.Objects(item["elements"])) })
		}
	}, "start", start)
}

func (d *drawing) richSpans(elements []kit.Object) {
	for _, e := range elements {
		d.styled(kit.Sub(e, "style"), []string{"bold", "italic", "strike", "underline", "code"}, func() { d.richSpan(e) })
	}
}

// styled puts a span into the styles that it has.
func (d *drawing) styled(style kit.Object, kinds []string, inner func()) {
	if len(kinds) == 0 {
		inner()
		return
	}
	further := func() { d.styled(style, kinds[1:], inner) }
	if !kit.Flag(style, kinds[0]) {
		further()
		return
	}
	d.in(map[string]string{"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code"}[kinds[0]], "", further)
}

func (d *drawing) richSpan(e kit.Object) {
	switch kit.Str(e, "type") {
	case "text":
		d.lines(kit.Str(e, "text"))
	case "link":
		d.link(kit.Str(e, "url"), func() { d.text(cmp.Or(kit.Str(e, "text"), kit.Str(e, "url"))) })
	case "emoji":
		d.pictograph(kit.Str(e, "name"))
	case "user":
		d.say("span", "mention", mention("@", kit.Str(e, "user_id"), "", d.Names.Users))
	case "channel":
		d.say("span", "mention", mention("#", kit.Str(e, "channel_id"), "", d.Names.Channels))
	case "usergroup":
		d.say("span", "mention", mention("@", kit.Str(e, "usergroup_id"), "", d.Names.Groups))
	case "broadcast":
		d.say("span", "mention loud", "@"+kit.Str(e, "range"))
	case "color":
		d.text(kit.Str(e, "value"))
	case "tag":
		d.say("span", "tag", kit.Str(e, "text"))
	case "date":
		d.richDate(e)
	default:
		d.unknown(e)
	}
}

func (d *drawing) richDate(e kit.Object) {
	unix, ok := kit.Number(e["timestamp"])
	if !ok || !plausible(int64(unix)) {
		d.text(kit.Str(e, "fallback"))
		return
	}
	zone, err := time.LoadLocation(kit.Str(e, "timezone"))
	if kit.Str(e, "timezone") == "" || err != nil {
		zone = d.zone()
	}
	d.when(int64(unix), kit.Str(e, "format"), kit.Str(e, "url"), zone)
}
