// A signer for bucket-upload, in Go, with nothing but the standard library. See README.md.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

const maxSize = 5_000_000_000 // bytes; what a single PUT carries

var (
	origin    = os.Getenv("BUCKET_UPLOAD_ORIGIN") // the page's origin, if it is not ours
	unclean   = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	mediaType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
)

type request struct {
	ID   string `json:"id"`
	Op   string `json:"op"`
	File struct {
		Name string `json:"name"`
		Size *int64 `json:"size"`
		Type string `json:"type"`
	} `json:"file"`
}

// answer is what goes back as JSON; an error is one too.
type answer map[string]any

func refuse(code, message string) answer {
	return answer{"error": answer{"code": code, "message": message}}
}

// sign answers one request. This is all there is to a signer.
func sign(r request) answer {
	if r.Op != "put" {
		return refuse("unsupported-op", "This signer only knows put.")
	}
	if r.File.Size == nil || *r.File.Size < 0 {
		return refuse("bad-request", `"size" must be a number of bytes.`)
	}
	if *r.File.Size > maxSize {
		return refuse("too-large", fmt.Sprintf("The file is larger than %d bytes.", maxSize))
	}
	contentType := r.File.Type
	if !mediaType.MatchString(contentType) {
		contentType = "application/octet-stream"
	}
	name := unclean.ReplaceAllString(r.File.Name, "-")
	name = strings.Trim(name[max(0, len(name)-100):], ".-")
	if name == "" {
		name = "file"
	}
	id := make([]byte, 16)
	rand.Read(id)
	key := hex.EncodeToString(id) + "/" + name
	now := time.Now().UTC()
	// Both are signed: the bucket refuses any other file.
	exact := headers{"content-length": fmt.Sprint(*r.File.Size), "content-type": contentType}
	saved := query{"response-content-disposition": fmt.Sprintf(`attachment; filename="%s"`, name)}
	return answer{
		"key":               key,
		"url":               presign(now, "PUT", key, nil, exact, 900),
		"method":            "PUT",
		"headers":           answer{"Content-Type": contentType},
		"expiresAt":         now.Add(900 * time.Second).Format(time.RFC3339),
		"downloadUrl":       presign(now, "GET", key, saved, nil, 3600),
		"downloadExpiresAt": now.Add(3600 * time.Second).Format(time.RFC3339),
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Origin")
	if origin != "" && r.Header.Get("Origin") == origin {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
	}
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status, body := respond(r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func respond(r *http.Request) (int, answer) {
	if r.Method != http.MethodPost {
		return 405, refuse("bad-request", "Send a POST.")
	}
	// Here is the place to look at a cookie or a token, and to answer 401.
	// A browser sends this type across origins only after asking by OPTIONS.
	if sent, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); sent != "application/json" {
		return 415, refuse("bad-request", "Send application/json.")
	}
	content, err := io.ReadAll(io.LimitReader(r.Body, 1_000_001))
	if err != nil || len(content) > 1_000_000 {
		return 413, refuse("bad-request", "The body is too long.")
	}
	var body struct {
		Version  int       `json:"version"`
		Requests []request `json:"requests"`
	}
	if err := json.Unmarshal(content, &body); err != nil {
		return 400, refuse("bad-request", "The body is not a signer request.")
	}
	if body.Version != 1 {
		return 400, refuse("unsupported-version", `"version" must be 1.`)
	}
	if body.Requests == nil {
		return 400, refuse("bad-request", `"requests" must be a list.`)
	}
	responses := []answer{}
	for _, each := range body.Requests {
		if each.ID == "" || each.Op == "" {
			return 400, refuse("bad-request", `A request needs "id" and "op".`)
		}
		response := sign(each)
		response["id"] = each.ID
		responses = append(responses, response)
	}
	return 200, answer{"version": 1, "responses": responses}
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func main() {
	port := os.Getenv("PORT") // "0", the default, takes any free one
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("http://" + listener.Addr().String())
	http.Serve(listener, http.HandlerFunc(serve))
}
