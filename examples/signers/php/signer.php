<?php

// A signer for bucket-upload, in PHP, without any package. See README.md.

declare(strict_types=1);

require __DIR__ . '/presign.php';
require __DIR__ . '/parts.php';

const MAX_SIZE = 5_000_000_000; // bytes of a file: yours to choose
const MAX_PUT = 5_000_000_000; // bytes; what a single PUT carries
const MAX_CALL = 1000; // requests of a call

const URL_LIFE = 900; // seconds, as those below
const LINK_LIFE = 3600; // of a link, at most
const FILE_LIFE = 86_400; // of a grant

// Ceph, MinIO and Storj take headers that are not signed: with the URL of a PUT one could copy any
// object of the bucket, or make the file public. These are signed, and refuse that. Amazon takes no
// such headers, and many of its buckets refuse each ACL.
const GUARDS = [
    'x-amz-copy-source-if-match' => '"0"',
    'x-amz-copy-source-range' => 'none',
    'x-amz-acl' => 'private',
];

/**
 * Says who is calling. Look at a cookie or a token here, and return null for strangers.
 * What one user was granted is of no use to another.
 */
function userOf(): ?string
{
    return 'anybody';
}

/** What the client is told instead of an answer. */
class Refusal extends Exception
{
    public function __construct(public readonly string $name, string $message)
    {
        parent::__construct($message);
    }
}

function refuse(string $code, string $message): array
{
    return ['error' => ['code' => $code, 'message' => $message]];
}

/**
 * Answers one request of a user. This is all there is to a signer.
 *
 * @throws Refusal
 * @throws TypeError for a field of the wrong type
 */
function sign(stdClass $request, string $user): array
{
    $token = $request->grant ?? '';
    return match ($request->op) {
        'put' => putFile($request, $user),
        'create' => beginUpload($request, $user),
        'part' => signPart($request, openGrant($token, 'parts', $user)),
        'parts' => signList(openGrant($token, 'parts', $user), $request->after ?? 0),
        'complete' => completeUpload($request, openGrant($token, 'parts', $user), $user),
        'abort' => abortUpload(openGrant($token, 'parts', $user)),
        'link' => signLink($request, openGrant($token, 'file', $user)),
        default => throw new Refusal('unsupported-op', 'This signer does not know this operation.'),
    };
}

/** One file with one request; with a grant the same file again, to the same key. */
function putFile(stdClass $request, string $user): array
{
    $grant = newGrant($request, $user);
    if (isset($request->grant)) {
        ['size' => $size, 'type' => $type] = $grant;
        $grant = openGrant($request->grant, 'file', $user);
        if (isset($grant['stored']) || $grant['size'] !== $size || $grant['type'] !== $type) {
            throw new Refusal('invalid-grant', 'The grant is for another file.');
        }
    }
    $headers = ['Content-Type' => $grant['type']] + guards();
    return upload($grant['key'], [], $grant['size'], $headers, $request->md5 ?? null)
        + linkTo($grant['key'], LINK_LIFE)
        + ['grant' => sealGrant($grant, $user)];
}

/** A link to what a grant is for. A client may ask for a shorter life, and for no longer one. */
function signLink(stdClass $request, array $grant): array
{
    if (($request->key ?? $grant['key']) !== $grant['key']) {
        throw new Refusal('invalid-grant', 'The grant is for another key.');
    }
    return linkTo($grant['key'], max(1, min(whole($request->expiresIn ?? LINK_LIFE), LINK_LIFE)));
}

/** A link that saves the object, and shows no page under the origin of the bucket. */
function linkTo(string $key, int $life): array
{
    $saved = ['response-content-disposition' => 'attachment; filename="' . basename($key) . '"'];
    return [
        'key' => $key,
        'downloadUrl' => presign('GET', $key, $saved, [], $life),
        'downloadExpiresAt' => in($life),
    ];
}

/** Signs a PUT of just so many bytes with just these headers. */
function upload(string $key, array $query, int $size, array $headers, ?string $md5): array
{
    if ($md5 !== null) {
        if (!preg_match('~^[A-Za-z0-9+/]{22}==$~D', $md5)) {
            throw new Refusal('bad-request', '"md5" must be the 16 bytes of it in base64.');
        }
        $headers['Content-MD5'] = $md5;
    }
    $exact = ['content-length' => (string) $size] + array_change_key_case($headers);
    return [
        'url' => presign('PUT', $key, $query, $exact, URL_LIFE),
        'method' => 'PUT',
        'headers' => $headers,
        'expiresAt' => in(URL_LIFE),
    ];
}

function guards(): array
{
    return str_contains(getenv('BUCKET_UPLOAD_ENDPOINT'), '.amazonaws.com') ? [] : GUARDS;
}

/** Checks a file, and chooses where it goes. One without a size is a stream, which only create takes. */
function newGrant(stdClass $request, string $user): array
{
    ['name' => $name, 'size' => $size, 'type' => $type, 'path' => $path] =
        (array) $request->file + ['size' => null, 'type' => '', 'path' => ''];
    $isPut = $request->op === 'put';
    $most = $isPut ? min(MAX_SIZE, MAX_PUT) : MAX_SIZE;
    $size = whole($isPut ? $size : $size ?? min(MAX_SIZE, STREAM_PART * MAX_PARTS));
    if ($size < 0 || isset($request->route)) {
        throw new Refusal('bad-request', 'A size is not below 0, and this signer has no routes.');
    }
    if ($size > $most) {
        throw new Refusal('too-large', "The file is larger than $most bytes.");
    }
    if (!preg_match('/^.{0,1024}$/Dsu', $name) || !preg_match('/^.{0,4096}$/Dsu', $path ?? '')) {
        throw new Refusal('bad-request', 'A name has at most 1024 characters, and a path 4096.');
    }
    if (!preg_match('~^[\w.+-]+/[\w.+-]+$~D', $type ?? '')) {
        $type = 'application/octet-stream';
    }
    $id = bin2hex(random_bytes(16));
    if (isset($request->nonce)) { // each try of one file gets the same key
        if (!preg_match('/^[A-Za-z0-9_-]{16,64}$/D', $request->nonce)) {
            throw new Refusal('bad-request', '"nonce" must be 16 to 64 letters, digits, "-" or "_".');
        }
        $id = bin2hex(substr(derive('nonce', $user, $request->nonce, "$size", $type), 0, 16));
    }
    $name = trim(substr(preg_replace('/[^A-Za-z0-9._-]+/', '-', $name), -100), '.-') ?: 'file';
    $grant = ['kind' => 'file', 'key' => "$id/$name", 'size' => $size, 'type' => $type];
    return $grant + ['expires' => time() + FILE_LIFE];
}

/** Writes a grant: base64url(JSON) "." base64url(HMAC). It is bound to its user, whom it does not show. */
function sealGrant(array $grant, string $user): string
{
    $text = base64url(json_encode($grant));
    return $text . '.' . base64url(derive('grant', $user, $text));
}

/** Reads a grant that was sealed for this user. */
function openGrant(string $token, string $kind, string $user): array
{
    [$text, $seal] = explode('.', $token, 2) + ['', ''];
    if (hash_equals(base64url(derive('grant', $user, $text)), $seal)) {
        $grant = json_decode(base64_decode(strtr($text, '-_', '+/')), true);
        if ($grant['kind'] === $kind && $grant['expires'] > time()) {
            return $grant;
        }
    }
    throw new Refusal('invalid-grant', 'The grant is not valid.');
}

/** Makes of texts what only those with the secret key of this bucket can. */
function derive(string ...$texts): string
{
    $place = ['bucket-upload', bucketHost(), getenv('BUCKET_UPLOAD_BUCKET')];
    return array_reduce(
        [...$place, ...$texts],
        fn ($key, $text) => hash_hmac('sha256', $text, $key, true),
        getenv('AWS_SECRET_ACCESS_KEY'),
    );
}

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** @throws TypeError for what is no whole number */
function whole(int $number): int
{
    return $number;
}

function in(int $seconds): string
{
    return gmdate('Y-m-d\TH:i:s\Z', time() + $seconds);
}

/** A request that is wrong is refused by itself; the others of the call are answered. */
function answerOne(stdClass $request, string $user): array
{
    if (!is_string($request->id) || !is_string($request->op)) {
        throw new TypeError('id');
    }
    try {
        return ['id' => $request->id] + sign($request, $user);
    } catch (Refusal $refusal) {
        return ['id' => $request->id] + refuse($refusal->name, $refusal->getMessage());
    } catch (ErrorException | TypeError) {
        return ['id' => $request->id] + refuse('bad-request', 'The request is not as the protocol has it.');
    }
}

function answer(int $status, ?array $body = null): never
{
    http_response_code($status);
    header('Cache-Control: no-store');
    header('Vary: Origin');
    $origin = getenv('BUCKET_UPLOAD_ORIGIN'); // the page's origin, if it is not ours
    if ($origin && ($_SERVER['HTTP_ORIGIN'] ?? '') === $origin) {
        header("Access-Control-Allow-Origin: $origin");
        header('Access-Control-Allow-Credentials: true');
        header('Access-Control-Allow-Methods: POST');
        header('Access-Control-Allow-Headers: Content-Type, Authorization');
    }
    if ($body !== null) {
        header('Content-Type: application/json');
        echo json_encode($body, JSON_UNESCAPED_SLASHES);
    }
    exit;
}

if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
    answer(204);
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    answer(405, refuse('bad-request', 'Send a POST.'));
}
$user = userOf() ?? answer(401, refuse('unauthorized', 'Sign in to upload files.'));
// A browser sends this type across origins only after asking by OPTIONS.
if (strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '')[0])) !== 'application/json') {
    answer(415, refuse('bad-request', 'Send application/json.'));
}
$content = file_get_contents('php://input', length: 1_000_001);
if (strlen($content) > 1_000_000) {
    answer(413, refuse('bad-request', 'The body is too long.'));
}
// A key that is missing is an error like any other here.
set_error_handler(fn ($level, $message) => throw new ErrorException($message));
try {
    $body = json_decode($content, false, 64, JSON_THROW_ON_ERROR);
    if ($body->version !== 1) {
        answer(400, refuse('unsupported-version', '"version" must be 1.'));
    }
    if (count($body->requests) > MAX_CALL) {
        answer(400, refuse('bad-request', 'Send at most ' . MAX_CALL . ' requests at a time.'));
    }
    $responses = array_map(fn ($it) => answerOne($it, $user), $body->requests);
} catch (JsonException | ErrorException | TypeError) {
    answer(400, refuse('bad-request', 'The body is not a signer request.'));
}
answer(200, ['version' => 1, 'date' => in(0), 'responses' => $responses]);
