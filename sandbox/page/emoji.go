package page

// emoji is the sign that a shortcode stands for. Of others the shortcode itself is shown,
// as Slack does where there is no such emoji.
func emoji(shortcode string) (sign string, ok bool) {
	sign, ok = map[string]string{
		"white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️", "no_entry": "⛔", "no_entry_sign": "🚫",
		"rotating_light": "🚨", "bell": "🔔", "no_bell": "🔕", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "alarm_clock": "⏰",
		"stopwatch": "⏱️", "clock3": "🕒", "calendar": "📅", "key": "🔑", "lock": "🔒", "unlock": "🔓", "closed_lock_with_key": "🔐",
		"shield": "🛡️", "mag": "🔍", "eyes": "👀", "wave": "👋", "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎",
		"raised_hand": "✋", "pray": "🙏", "tada": "🎉", "sparkles": "✨", "rocket": "🚀", "bulb": "💡", "memo": "📝", "pencil": "📝",
		"pencil2": "✏️", "clipboard": "📋", "page_facing_up": "📄", "bookmark": "🔖", "link": "🔗", "paperclip": "📎", "package": "📦",
		"wrench": "🔧", "gear": "⚙️", "hammer_and_wrench": "🛠️", "robot_face": "🤖", "ticket": "🎫", "speech_balloon": "💬",
		"question": "❓", "grey_question": "❔", "exclamation": "❗", "grey_exclamation": "❕", "information_source": "ℹ️",
		"arrow_right": "➡️", "arrow_left": "⬅️", "arrow_up": "⬆️", "arrow_down": "⬇️", "arrows_counterclockwise": "🔄", "repeat": "🔁",
		"rewind": "⏪", "leftwards_arrow_with_hook": "↩️", "wastebasket": "🗑️", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖",
		"red_circle": "🔴", "large_orange_circle": "🟠", "large_yellow_circle": "🟡", "large_green_circle": "🟢", "large_blue_circle": "🔵",
		"white_circle": "⚪", "black_circle": "⚫", "star": "⭐", "fire": "🔥", "boom": "💥", "bust_in_silhouette": "👤",
		"busts_in_silhouette": "👥", "office": "🏢", "house": "🏠", "art": "🎨", "computer": "💻", "cloud": "☁️", "bar_chart": "📊",
		"chart_with_upwards_trend": "📈", "moneybag": "💰", "credit_card": "💳", "book": "📖", "books": "📚", "email": "✉️",
		"inbox_tray": "📥", "outbox_tray": "📤", "file_folder": "📁", "card_index_dividers": "🗂️", "spiral_note_pad": "🗒️", "film_frames": "🎞️", "frame_with_picture": "🖼️", "octopus": "🐙", "floppy_disk": "💾", "video_camera": "📹",
		"smile": "😄", "slightly_smiling_face": "🙂",
	}[shortcode]
	return sign, ok
}

// pictograph draws an emoji as a screen reader says it.
func (d *drawing) pictograph(shortcode string) {
	sign, ok := emoji(shortcode)
	if !ok {
		d.text(":" + shortcode + ":")
		return
	}
	d.say("span", "emoji", sign, "role", "img", "aria-label", shortcode+" emoji")
}

// shortcodeAt is the name of an emoji that stands at the beginning, and how long that is.
func shortcodeAt(s string) (name string, length int) {
	if len(s) < 3 || s[0] != ':' {
		return "", 0
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':' && i > 1:
			return s[1:i], i + 1
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_', c == '-', c == '+', c == '\'':
		default:
			return "", 0
		}
	}
	return "", 0
}

// withEmoji writes a text in which shortcodes stand for emoji, and nothing else for anything.
func (d *drawing) withEmoji(s string) {
	begin := 0
	for i := 0; i < len(s); i++ {
		name, length := shortcodeAt(s[i:])
		if length == 0 {
			continue
		}
		if _, known := emoji(name); !known {
			continue
		}
		d.text(s[begin:i])
		d.pictograph(name)
		i += length - 1
		begin = i + 1
	}
	d.text(s[begin:])
}
