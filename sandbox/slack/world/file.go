package world

import (
	"cmp"
	"time"

	"latchkey/sandbox/slack/kit"
)

// Upload is an upload on its way or done.
type Upload struct {
	ID, Name, Title string
	User            string // who uploaded it, if not the app
	Size            int    // announced length in bytes
	Data            []byte
	Secret          string
	Uploaded        bool
	Completed       bool
	Channel, TS     string // where it was shared, once it was
	Created         time.Time
}

// File returns the bytes of an upload, if they have arrived.
func (w *World) File(id string) (name string, data []byte, ok bool) {
	s := w.Lock()
	defer w.Unlock()
	f := s.Files[id]
	if f == nil || !f.Uploaded {
		return "", nil, false
	}
	return f.Name, append([]byte(nil), f.Data...), true
}

// AddUpload announces a file of some size in bytes.
func (s *State) AddUpload(name string, size int) *Upload {
	f := &Upload{ID: s.mint.id("F"), Name: name, Title: name, Size: size, Secret: kit.Secret(12), Created: s.Now()}
	s.Files[f.ID] = f
	return f
}

// AddFile is a file that a person drops into what they write.
func (s *State) AddFile(userID, name string) *Upload {
	f := s.AddUpload(name, len(name))
	f.User, f.Uploaded, f.Completed, f.Data = userID, true, true, []byte(name)
	return f
}

// ShareFiles posts a message that carries files.
func (s *State) ShareFiles(files []*Upload, channelID, threadTS, comment string) {
	m := Message{Channel: channelID, ThreadTS: threadTS, User: s.cfg.BotUserID, BotID: s.cfg.BotID, Text: comment}
	for _, f := range files {
		m.Files = append(m.Files, f.ID)
	}
	posted := s.Post(m)
	for _, f := range files {
		f.Channel, f.TS = channelID, posted.TS
	}
}

// Receive takes the bytes of an upload.
func (s *State) Receive(f *Upload, data []byte) {
	f.Data, f.Uploaded = data, true
	s.Note("file.received", f.ID)
}

// Complete ends an upload, which can be done once; an empty title keeps the name.
func (f *Upload) Complete(title string) {
	f.Completed, f.Title = true, cmp.Or(title, f.Title)
}
