<?php

// The recipe for Laravel, whose files are in the folder of RECIPE_FOLDER: the router of `php -S`.

use Illuminate\Config\Repository;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Bootstrap;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\Schema;
use Illuminate\Support\Facades\Storage;

// The framework of Debian loads some of its classes in an old way, of which PHP complains.
error_reporting(E_ALL & ~E_DEPRECATED);
require 'Illuminate/autoload.php';

$folder = getenv('RECIPE_FOLDER');
spl_autoload_register(function (string $class) use ($folder) {
    $file = $folder . '/' . lcfirst(strtr($class, '\\', '/')) . '.php';
    if (str_starts_with($class, 'App\\') && is_file($file)) require $file;
});
require "$folder/app/receipts.php";

class RecipeKernel extends Kernel
{
    protected $bootstrappers = [
        Bootstrap\RegisterFacades::class,
        Bootstrap\RegisterProviders::class,
        Bootstrap\BootProviders::class,
    ];
    protected $middlewareGroups = ['web' => [
        Illuminate\Cookie\Middleware\EncryptCookies::class,
        Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse::class,
        Illuminate\Session\Middleware\StartSession::class,
        Illuminate\View\Middleware\ShareErrorsFromSession::class,
        Illuminate\Foundation\Http\Middleware\VerifyCsrfToken::class,
    ]];
    protected $routeMiddleware = ['auth' => Illuminate\Auth\Middleware\Authenticate::class];
}

$app = new Application($folder);
$app->singleton(KernelContract::class, RecipeKernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);
$app->instance('env', 'production');
$app->instance('config', new Repository([
    'app' => [
        'debug' => true,
        'key' => str_repeat('k', 32),
        'cipher' => 'AES-256-CBC',
        'locale' => 'en',
        'fallback_locale' => 'en',
        'timezone' => 'UTC',
        'aliases' => [],
        'providers' => [
            Illuminate\Auth\AuthServiceProvider::class,
            Illuminate\Cookie\CookieServiceProvider::class,
            Illuminate\Database\DatabaseServiceProvider::class,
            Illuminate\Encryption\EncryptionServiceProvider::class,
            Illuminate\Filesystem\FilesystemServiceProvider::class,
            Illuminate\Foundation\Providers\FoundationServiceProvider::class,
            Illuminate\Hashing\HashServiceProvider::class,
            Illuminate\Session\SessionServiceProvider::class,
            Illuminate\Translation\TranslationServiceProvider::class,
            Illuminate\Validation\ValidationServiceProvider::class,
            Illuminate\View\ViewServiceProvider::class,
        ],
    ],
    'auth' => [
        'defaults' => ['guard' => 'web'],
        'guards' => ['web' => ['driver' => 'session', 'provider' => 'users']],
        'providers' => ['users' => ['driver' => 'database', 'table' => 'users']],
    ],
    'database' => [
        'default' => 'sqlite',
        'connections' => ['sqlite' => ['driver' => 'sqlite', 'database' => "$folder/database.sqlite"]],
    ],
    'hashing' => ['driver' => 'bcrypt'],
    'logging' => ['default' => 'stderr', 'channels' => ['stderr' => [
        'driver' => 'monolog',
        'handler' => Monolog\Handler\StreamHandler::class,
        'with' => ['stream' => 'php://stderr'],
    ]]],
    'services' => ['signer' => ['secret' => getenv('SIGNER_SECRET')]],
    'session' => [
        'driver' => 'file',
        'files' => "$folder/storage/sessions",
        'lifetime' => 60,
        'lottery' => [0, 100],
        'cookie' => 'session',
        'path' => '/',
        'domain' => null,
        'expire_on_close' => false,
    ],
    'view' => ['paths' => ["$folder/resources/views"], 'compiled' => "$folder/storage/views"],
]));

$kernel = $app->make(KernelContract::class);
$kernel->bootstrap();

// Links are made by a package that Debian does not have: what it is asked for is the link.
Storage::swap(new class {
    public function disk(string $name): static
    {
        return $this;
    }

    public function temporaryUrl(string $key, DateTimeInterface $until, array $options): string
    {
        $path = implode('/', array_map('rawurlencode', explode('/', $key)));
        $asked = $options + ['expires' => $until->getTimestamp() - time()];
        return getenv('AWS_ENDPOINT') . '/' . getenv('AWS_BUCKET') . "/$path?" . http_build_query($asked);
    }
});

if (!Schema::hasTable('users')) {
    Schema::create('users', function ($table) {
        $table->id();
        $table->rememberToken();
    });
    $app->make('db')->table('users')->insert([['id' => 1], ['id' => 2]]);
    foreach (glob("$folder/database/migrations/*.php") as $file) (require $file)->up();
}

Route::middleware('web')->group(function () use ($folder) {
    Route::get('/sign-in/{id}', fn (int $id) => Auth::loginUsingId($id) ? 'signed in' : abort(404));
    require "$folder/routes/web.php";
});

$request = Request::capture();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
