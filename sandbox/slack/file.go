package slack

import "time"

// file is an upload on its way or done.
type file struct {
	ID, Name, Title string
	Size            int // announced length in bytes
	Data            []byte
	Secret          string
	Uploaded        bool
	Completed       bool
	Channel, TS     string // where it was shared, once it was
	Created         time.Time
}

// File returns the bytes of an upload, if they have arrived.
func (s *Server) File(id string) (name string, data []byte, ok bool) {
	s.lock()
	defer s.unlock()
	f := s.world.files[id]
	if f == nil || !f.Uploaded {
		return "", nil, false
	}
	return f.Name, append([]byte(nil), f.Data...), true
}

func (w *world) addFile(name string, size int) *file {
	f := &file{ID: w.mint.id("F"), Name: name, Title: name, Size: size, Secret: secret(12), Created: w.now()}
	w.files[f.ID] = f
	return f
}

// share posts a message that carries files.
func (w *world) share(files []*file, channelID, threadTS, comment string) {
	m := Message{Channel: channelID, ThreadTS: threadTS, User: w.cfg.BotUserID, BotID: w.cfg.BotID, Text: comment}
	for _, f := range files {
		m.Files = append(m.Files, f.ID)
	}
	posted := w.post(m)
	for _, f := range files {
		f.Channel, f.TS = channelID, posted.TS
	}
}

func (w *world) filesWire(ids []string) []object {
	out := []object{}
	for _, id := range ids {
		if f := w.files[id]; f != nil {
			out = append(out, w.fileWire(f))
		}
	}
	return out
}

func (w *world) fileWire(f *file) object {
	o := object{
		"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Size, "user": w.cfg.BotUserID,
		"created": f.Created.Unix(), "timestamp": f.Created.Unix(), "mode": "hosted",
		"permalink": "https://" + w.cfg.TeamDomain + ".slack.com/files/" + w.cfg.BotUserID + "/" + f.ID,
		"channels":  []string{}, "groups": []string{}, "ims": []string{}, "shares": object{},
	}
	c := w.channel(f.Channel)
	if c == nil {
		return o
	}
	share := object{c.ID: []object{{"ts": f.TS, "channel_name": c.Name, "team_id": w.cfg.TeamID}}}
	switch c.family() {
	case "im":
		o["ims"], o["shares"] = []string{c.ID}, object{"private": share}
	case "groups":
		o["groups"], o["shares"] = []string{c.ID}, object{"private": share}
	default:
		o["channels"], o["shares"] = []string{c.ID}, object{"public": share}
	}
	return o
}
