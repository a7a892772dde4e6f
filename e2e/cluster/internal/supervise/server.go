package supervise

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
)

// serve answers the command line on a socket that only root may use.
func (s *supervisor) serve() error {
	path := s.spec.Cluster.Supervisor()
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.status()) // the reader went away: nothing to do
	})
	mux.HandleFunc("POST /components/{name}/stop", s.onComponent((*process).stop))
	mux.HandleFunc("POST /components/{name}/start", s.onComponent((*process).start))
	return http.Serve(listener, mux)
}

func (s *supervisor) onComponent(action func(*process)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		p := s.find(name)
		if p == nil {
			http.Error(w, fmt.Sprintf("no component is called %s; `cluster status` lists them", name), http.StatusNotFound)
			return
		}
		action(p)
	}
}
