package slack

import (
	"crypto/subtle"
	"io"
	"mime"
	"net/http"
	"strings"
)

// serveUpload takes the bytes, raw or as a multipart field.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.lock()
	s.log.Count("upload")
	fault := s.takeFault("upload", false)
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
	f := s.state.Files[id]
	if f == nil || subtle.ConstantTimeCompare([]byte(key), []byte(f.Secret)) != 1 || f.Completed {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	if len(data) != f.Size {
		http.Error(w, "length differs from what was announced", http.StatusBadRequest)
		return
	}
	s.state.Receive(f, data)
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
