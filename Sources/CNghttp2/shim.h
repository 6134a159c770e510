// The one way by which Swift reaches Debian's libnghttp2 (libnghttp2-dev, 1.52).
#include <nghttp2/nghttp2.h>
