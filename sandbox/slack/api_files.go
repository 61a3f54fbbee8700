package slack

import (
	"crypto/subtle"
	"io"
	"mime"
	"net/http"
	"strings"
)

func fileMethods() map[string]method {
	write := []string{"files:write"}
	return map[string]method{
		"files.getUploadURLExternal":   {run: (*Server).uploadURL, scopes: write, tier: 100, form: true},
		"files.completeUploadExternal": {run: (*Server).completeUpload, scopes: write, tier: 100},
		"files.info":                   {run: (*Server).filesInfo, scopes: []string{"files:read"}, tier: 100, form: true},
	}
}

func (s *Server) uploadURL(c *call) (object, error) {
	length := c.number("length", 0)
	switch {
	case c.str("filename") == "":
		return nil, missing("filename")
	case length <= 0:
		return nil, fail("missing_argument")
	case c.has("alt_txt") && len(c.str("alt_txt")) > 1000:
		return nil, fail("alt_txt_too_large")
	case c.str("snippet_type") != "" && length > 1<<20:
		return nil, fail("snippet_too_large")
	}
	f := s.world.addFile(c.str("filename"), length)
	return object{"upload_url": c.base + "/upload/v1/" + f.ID + "/" + f.Secret, "file_id": f.ID}, nil
}

// serveUpload takes the bytes, raw or as a multipart field.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.lock()
	s.evidence.calls["upload"]++
	fault := s.takeFault("upload")
	s.unlock()
	if fault != nil {
		fault.wait(r)
		if fault.Drop {
			cut(w)
			return
		}
		if fault.fails() {
			http.Error(w, "upload failed", http.StatusInternalServerError)
			return
		}
	}
	data, err := uploadBytes(r)
	if err != nil {
		http.Error(w, "upload not readable", http.StatusBadRequest)
		return
	}
	id, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/upload/v1/"), "/")
	s.lock()
	defer s.unlock()
	f := s.world.files[id]
	if f == nil || subtle.ConstantTimeCompare([]byte(key), []byte(f.Secret)) != 1 || f.Completed {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	if len(data) != f.Size {
		http.Error(w, "length differs from what was announced", http.StatusBadRequest)
		return
	}
	f.Data, f.Uploaded = data, true
	io.WriteString(w, "OK")
}

func uploadBytes(r *http.Request) ([]byte, error) {
	body := http.MaxBytesReader(nil, r.Body, maxBody)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(body)
	}
	r.Body = body
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := reader.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// completeUpload finishes uploads and shares them, once.
func (s *Server) completeUpload(c *call) (object, error) {
	wanted, err := list(c, "files", "invalid_arguments")
	if err != nil || len(wanted) == 0 {
		return nil, missing("files")
	}
	var files []*file
	for _, f := range wanted {
		found := s.world.files[str(f, "id")]
		if found == nil || !found.Uploaded || found.Completed {
			return nil, fail("file_not_found")
		}
		files = append(files, found)
	}
	ch, err := s.shareTarget(c)
	if err != nil {
		return nil, err
	}
	out := []object{}
	for i, f := range files {
		f.Completed = true
		if title := str(wanted[i], "title"); title != "" {
			f.Title = title
		}
		out = append(out, object{"id": f.ID, "title": f.Title})
	}
	if ch != nil {
		s.shareFiles(c, files, ch)
	}
	return object{"files": out}, nil
}

func (s *Server) shareTarget(c *call) (*Channel, error) {
	if c.has("channels") || c.has("blocks") {
		return nil, s.unmodelled(c.method, "channels or blocks")
	}
	id := c.str("channel_id")
	if id == "" {
		return nil, nil
	}
	ch := s.world.channel(id)
	switch {
	case !s.world.visible(ch):
		return nil, fail("channel_not_found")
	case !ch.has(s.cfg.BotUserID):
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

// shareFiles posts the files, now or, as Slack likes to do it, later.
func (s *Server) shareFiles(c *call, files []*file, ch *Channel) {
	thread, comment := c.str("thread_ts"), entities(c.str("initial_comment"))
	share := func() {
		s.world.share(files, ch.ID, thread, comment)
		s.changed()
	}
	if s.cfg.LateShares <= 0 {
		share()
		return
	}
	s.later(s.cfg.LateShares, share)
}

func (s *Server) filesInfo(c *call) (object, error) {
	f := s.world.files[c.str("file")]
	if f == nil || !f.Completed {
		return nil, fail("file_not_found")
	}
	return object{"file": s.world.fileWire(f)}, nil
}
